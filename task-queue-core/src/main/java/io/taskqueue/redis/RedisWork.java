package io.taskqueue.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Hands tasks to workers and takes them back: {@code fetch.lua} and the settlements.
 * Leases are renewed over a connection of their own, so that no long batch delays them.
 */
final class RedisWork implements WorkBroker {

	private static final Script FETCH = Script.load("fetch");

	private static final Script COMPLETE = Script.load("complete");

	private static final Script RETRY = Script.load("retry");

	private static final Script ARCHIVE = Script.load("archive");

	private static final Script RELEASE = Script.load("release");

	private static final Script RENEW = Script.load("renew");

	private static final Script WRITE_RESULT = Script.load("write_result");

	/** How often, since when (ms), and the marks of those who put the task off. */
	static final Pattern DEFERRAL = Pattern.compile("(\\d{1,9})@(\\d{1,18})((?:/.*)?)");

	/** The length of a mark. */
	private static final int MARK = 8;

	private final RedisPort redis;

	private final RedisPort leases;

	private final ScriptTime time;

	private final ArchiveLimits archive;

	RedisWork(RedisPort redis, RedisPort leases, ScriptTime time, ArchiveLimits archive) {
		this.redis = redis;
		this.leases = leases;
		this.time = time;
		this.archive = archive;
	}

	@Override
	public Fetched fetch(String queue, BatchId batch, String owner, int count, int suspects) {
		Args args = new Args(9).add(batch.lane())
			.add(batch.number())
			.add(owner)
			.add(count)
			.add(suspects)
			.add(SUSPECT)
			.add(this.time.nowMillis())
			.add(LEASE.toSeconds())
			.flag(this.time.corrected());
		Reply reply = eval(FETCH, queue, args);
		boolean paused = reply.number() == 1;
		List<Delivery> deliveries = new ArrayList<>(reply.size() / 4);
		while (reply.hasNext()) {
			deliveries.add(new Delivery(queue, reply.text(), reply.bytes(), (int) reply.numberOr(0),
					deferral(reply.text(), owner)));
		}
		return new Fetched(paused, deliveries);
	}

	@Override
	public List<Settled> complete(String queue, BatchId batch, String owner, List<Completion> completions) {
		Args args = this.time.addDay(settlement(batch, owner, 6 * completions.size()));
		for (Completion completion : completions) {
			args.add(completion.id()).add(completion.uniqueKey());
			add(args, completion.retained()).add(completion.purgeAt().getEpochSecond())
				.flag(completion.result() != null);
			add(args, completion.result());
		}
		return settled(COMPLETE, queue, args);
	}

	@Override
	public List<Settled> retry(String queue, BatchId batch, String owner, List<Retry> retries) {
		Args args = this.time.addDay(settlement(batch, owner, 6 * retries.size()));
		for (Retry retry : retries) {
			args.add(retry.id()).add(retry.message());
			ScriptTime.addDue(args, retry.at()).flag(retry.failure()).flag(retry.evenIfCancelled());
		}
		return settled(RETRY, queue, args);
	}

	@Override
	public List<Settled> archive(String queue, BatchId batch, String owner, List<Archival> archivals) {
		Args args = this.time.addDay(settlement(batch, owner, 2 * archivals.size())).add(this.time.nowSeconds());
		this.archive.add(args, this.time);
		for (Archival archival : archivals) {
			args.add(archival.id()).add(archival.message());
		}
		return settled(ARCHIVE, queue, args);
	}

	@Override
	public List<Settled> release(String queue, BatchId batch, String owner, List<Release> releases) {
		Args args = settlement(batch, owner, 4 * releases.size());
		for (Release release : releases) {
			ScriptTime.addDue(args.add(release.id()), release.at());
			Deferral deferral = release.deferral();
			args.add((deferral != null) ? deferral.count() + "@" + deferral.since().toEpochMilli() : "");
		}
		return settled(RELEASE, queue, args);
	}

	@Override
	public List<Renewal> renew(String queue, String owner, List<String> ids) {
		Args args = new Args(4 + ids.size()).add(owner)
			.add(this.time.nowSeconds())
			.add(LEASE.toSeconds())
			.flag(this.time.corrected());
		ids.forEach(args::add);
		Reply reply = Reply.of(RENEW, this.leases.eval(RENEW, Keys.queue(queue), args));
		List<Renewal> renewals = new ArrayList<>(ids.size());
		while (reply.hasNext()) {
			renewals.add(switch ((int) reply.number()) {
				case 1 -> Renewal.HELD;
				case 2 -> Renewal.CANCELLED;
				default -> Renewal.LOST;
			});
		}
		return renewals;
	}

	@Override
	public boolean writeResult(String queue, String owner, String id, byte[] result) {
		Args args = new Args(3).add(owner).add(id).add(result);
		return Reply.number(WRITE_RESULT, this.redis.eval(WRITE_RESULT, Keys.queue(queue), args)) == 1;
	}

	private Args settlement(BatchId batch, String owner, int more) {
		return new Args(10 + more).add(batch.lane()).add(batch.number()).add(owner).add(this.time.nowNanos());
	}

	private List<Settled> settled(Script script, String queue, Args args) {
		Reply reply = eval(script, queue, args);
		List<Settled> settled = new ArrayList<>(reply.size());
		while (reply.hasNext()) {
			settled.add((reply.number() == 1) ? Settled.DONE : Settled.NOT_OURS);
		}
		return settled;
	}

	private Reply eval(Script script, String queue, Args args) {
		return Reply.of(script, this.redis.eval(script, Keys.queue(queue), args));
	}

	private static Args add(Args args, byte @Nullable [] value) {
		return (value != null) ? args.add(value) : args.none();
	}

	/**
	 * Reads what {@code release.lua} has noted. How often counts for an owner that was
	 * among those who put the task off; for any other it is the first time.
	 */
	private static @Nullable Deferral deferral(String noted, String owner) {
		Matcher parts = DEFERRAL.matcher(noted);
		if (!parts.matches()) {
			return null;
		}
		String marks = parts.group(3);
		String mark = "/" + owner.substring(Math.max(0, owner.length() - MARK)) + "/";
		int count = (marks.isEmpty() || marks.contains(mark)) ? Integer.parseInt(parts.group(1)) : 0;
		return new Deferral(count, Instant.ofEpochMilli(Long.parseLong(parts.group(2))));
	}

}
