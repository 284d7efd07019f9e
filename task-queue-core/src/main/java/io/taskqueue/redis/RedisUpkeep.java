package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.wire.Keys;

/**
 * Keeps a queue going: promotion, recovery, repair, deletion of what is past its time.
 */
final class RedisUpkeep implements UpkeepBroker {

	private static final Script PROMOTE = Script.load("promote");

	private static final Script HELD_BY = Script.load("held_by");

	private static final Script EXPIRED = Script.load("expired");

	private static final Script RECOVER = Script.load("recover");

	private static final Script REPAIR = Script.load("repair");

	private static final Script RECLAIM_SETS = Script.load("reclaim_sets");

	private static final Script REPAIR_GROUPS = Script.load("repair_groups");

	private static final Script PURGE_COMPLETED = Script.load("purge_completed");

	private static final Script TRIM_ARCHIVE = Script.load("trim_archive");

	private static final Script SWEEP = Script.load("sweep");

	private static final Script BRING_BACK = Script.load("bring_back");

	/** How many active ids one repair looks at. */
	private static final int REPAIR_WINDOW = 1000;

	/** How many keys one look for forgotten groups goes through. */
	private static final int KEYS_WINDOW = 2000;

	/** How many keys of Redis one part of a sweep looks at. */
	private static final int SWEEP_PART = 200;

	private final RedisPort redis;

	private final ScriptTime time;

	private final ArchiveLimits archive;

	private final ServerClock.Observer clock;

	RedisUpkeep(RedisPort redis, ScriptTime time, ArchiveLimits archive, ServerClock.Observer clock) {
		this.redis = redis;
		this.time = time;
		this.archive = archive;
		this.clock = clock;
	}

	@Override
	public Promoted promote(String queue, int limit) {
		Args args = new Args(3).add(this.time.nowMillis()).add(this.time.nowNanos()).add(limit);
		long sent = System.nanoTime();
		Reply reply = eval(PROMOTE, queue, args);
		long received = System.nanoTime();
		int moved = (int) reply.number();
		long next = reply.number();
		this.clock.observe(sent, received, reply.time());
		return new Promoted(moved, (next < 0) ? null : Instant.ofEpochMilli(next));
	}

	@Override
	public List<OwnerSeen> owners(String queue) {
		List<OwnerSeen> owners = new ArrayList<>();
		this.redis.members(ownersKey(queue))
			.forEach((owner, seen) -> owners.add(new OwnerSeen(owner, Instant.ofEpochSecond(seen.longValue()))));
		return owners;
	}

	@Override
	public List<Held> heldBy(String queue, String owner, int limit) {
		return held(eval(HELD_BY, queue, new Args(2).add(owner).add(limit)));
	}

	@Override
	public void forgetOwner(String queue, String owner) {
		this.redis.zrem(ownersKey(queue), Args.utf8(owner));
	}

	@Override
	public List<Held> expired(String queue, Instant before, int limit) {
		return held(eval(EXPIRED, queue, new Args(2).add(before.getEpochSecond()).add(limit)));
	}

	@Override
	public Set<String> recover(String queue, List<Recovery> recoveries) {
		Args args = this.time.addDay(new Args(7 + 7 * recoveries.size()).add(this.time.nowNanos()))
			.add(this.time.nowSeconds());
		this.archive.add(args, this.time);
		for (Recovery recovery : recoveries) {
			args.add(recovery.id()).add(recovery.lease().getEpochSecond());
			if (recovery instanceof Requeue requeue) {
				args.add("requeue").none().add(0).add(0).add(requeue.crashes());
			}
			else if (recovery instanceof RetryAt retry) {
				ScriptTime.addDue(args.add("retry").add(retry.message()), retry.at()).add(0);
			}
			else if (recovery instanceof Archive archived) {
				args.add("archive").add(archived.message()).add(0).add(0).add(0);
			}
		}
		Reply reply = eval(RECOVER, queue, args);
		Set<String> recovered = new HashSet<>();
		while (reply.hasNext()) {
			recovered.add(reply.text());
		}
		return recovered;
	}

	@Override
	public int repair(String queue) {
		Args args = new Args(4).add(this.time.nowSeconds())
			.add(REPAIR_WINDOW)
			.add(String.valueOf(ThreadLocalRandom.current().nextFloat()))
			.add(this.time.nowNanos());
		return number(REPAIR, queue, args);
	}

	@Override
	public boolean reclaimSets(String queue, int limit) {
		return number(RECLAIM_SETS, queue, new Args(2).add(this.time.nowSeconds()).add(limit)) == 1;
	}

	@Override
	public String repairGroups(String queue, String cursor) {
		return eval(REPAIR_GROUPS, queue, new Args(2).add(cursor).add(KEYS_WINDOW)).text();
	}

	@Override
	public int purgeCompleted(String queue, int limit) {
		return number(PURGE_COMPLETED, queue, new Args(2).add(this.time.nowSeconds()).add(limit));
	}

	@Override
	public int trimArchive(String queue, int limit) {
		return number(TRIM_ARCHIVE, queue, this.archive.add(new Args(3), this.time, limit));
	}

	@Override
	public boolean claimSweep(String queue, Duration every) {
		byte[] swept = Args.utf8(Keys.queue(queue) + "tq:swept");
		return this.redis.setIfAbsent(swept, Args.utf8(String.valueOf(this.time.nowSeconds())), every);
	}

	@Override
	public Sweep sweep(String queue, String cursor) {
		Reply reply = eval(SWEEP, queue, new Args(2).add(cursor.isEmpty() ? "0" : cursor).add(SWEEP_PART));
		String next = reply.text();
		List<String> strays = new ArrayList<>();
		while (reply.hasNext()) {
			strays.add(reply.text());
		}
		return new Sweep("0".equals(next) ? "" : next, strays);
	}

	@Override
	public Map<String, Fate> bringBack(String queue, Collection<String> strays) {
		Args args = new Args(2 + strays.size()).add(this.time.nowNanos()).add(this.time.nowSeconds());
		strays.forEach(args::add);
		Reply reply = eval(BRING_BACK, queue, args);
		Map<String, Fate> fates = new LinkedHashMap<>();
		while (reply.hasNext()) {
			fates.put(reply.text(), (reply.number() == 1) ? Fate.QUEUED : Fate.DELETED);
		}
		return fates;
	}

	private static List<Held> held(Reply reply) {
		List<Held> held = new ArrayList<>(reply.size() / 5);
		while (reply.hasNext()) {
			held.add(new Held(reply.text(), reply.bytes(), Instant.ofEpochSecond(reply.number()), reply.number() == 1,
					(int) reply.numberOr(0)));
		}
		return held;
	}

	private Reply eval(Script script, String queue, Args args) {
		return Reply.of(script, this.redis.eval(script, Keys.queue(queue), args));
	}

	private int number(Script script, String queue, Args args) {
		return (int) Reply.number(script, this.redis.eval(script, Keys.queue(queue), args));
	}

	private static byte[] ownersKey(String queue) {
		return Args.utf8(Keys.queue(queue) + "tq:owners");
	}

}
