package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.broker.CronBroker;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of cron tasks and the leader's lock. All keys of a namespace are in one
 * slot: {@code tasks} (hash, by uuid the revision and the record), {@code changes}
 * (sorted set of the last changes), {@code revision} and {@code epoch} (counters),
 * {@code declared} (sorted set of uuids by the time a process declared them last) and
 * {@code leader}.
 */
final class RedisCron implements CronBroker {

	/** A leader that missed more changes than these reads all definitions anew. */
	private static final int CHANGES_KEPT = 1000;

	private static final int DECLARED_BATCH = 1000;

	private static final Script STORE = Script.load("cron_store");

	private static final Script CHANGES = Script.load("cron_changes");

	private static final Script DECLARED = Script.load("cron_declared");

	private static final Script LEAD = Script.load("cron_lead");

	private static final Script RESIGN = Script.load("cron_resign");

	private final RedisConnections connections;

	private final RedisPort redis;

	private final ScriptTime time;

	private final byte[] tasks;

	private final byte[] changes;

	private final byte[] revision;

	private final byte[] epoch;

	private final byte[] declared;

	private final byte[] leader;

	private final byte[] channel;

	RedisCron(RedisConnections connections, ScriptTime time, String namespace) {
		this.connections = connections;
		this.redis = connections.scripts();
		this.time = time;
		String prefix = Keys.cron(namespace);
		this.tasks = Args.utf8(prefix + "tasks");
		this.changes = Args.utf8(prefix + "changes");
		this.revision = Args.utf8(prefix + "revision");
		this.epoch = Args.utf8(prefix + "epoch");
		this.declared = Args.utf8(prefix + "declared");
		this.leader = Args.utf8(prefix + "leader");
		this.channel = Args.utf8(prefix + "changed");
	}

	@Override
	public Changes changes(long known) {
		Args args = new Args(2).add(known).add(CHANGES_KEPT);
		Reply reply = Reply.of(CHANGES, this.redis.eval(CHANGES, List.of(this.tasks, this.changes), args.values()));
		long sequence = reply.number();
		boolean complete = reply.number() == 1;
		Map<String, Stored> tasks = new HashMap<>();
		Set<String> deleted = new HashSet<>();
		while (reply.hasNext()) {
			String uuid = reply.text();
			String text = reply.text();
			if (text.isEmpty()) {
				deleted.add(uuid);
			}
			else {
				tasks.put(uuid, stored(text));
			}
		}
		return new Changes(sequence, complete, tasks, deleted);
	}

	@Override
	public @Nullable Stored find(String uuid) {
		byte[] text = this.redis.run("HGET",
				(connection) -> connection.hashCommands().hGet(this.tasks, Args.utf8(uuid)));
		return (text != null) ? stored(new String(text, StandardCharsets.UTF_8)) : null;
	}

	private static Stored stored(String text) {
		int space = text.indexOf(' ');
		return new Stored(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
	}

	@Override
	public boolean store(String uuid, long before, long above, String record) {
		Args args = new Args(6).add(uuid).add(before).add(above).add(record).add(CHANGES_KEPT).add(this.channel);
		return Reply.number(STORE,
				this.redis.eval(STORE, List.of(this.tasks, this.changes, this.revision), args.values())) == 1;
	}

	@Override
	public Set<String> declared(Collection<String> uuids) {
		Set<String> unknown = new HashSet<>();
		List<String> all = List.copyOf(uuids);
		for (int from = 0; from < all.size(); from += DECLARED_BATCH) {
			Args args = new Args(DECLARED_BATCH + 1).add(this.time.nowSeconds());
			all.subList(from, Math.min(all.size(), from + DECLARED_BATCH)).forEach(args::add);
			Reply reply = Reply.of(DECLARED, this.redis.eval(DECLARED, List.of(this.declared), args.values()));
			while (reply.hasNext()) {
				unknown.add(reply.text());
			}
		}
		return unknown;
	}

	@Override
	public List<String> undeclaredSince(Instant time) {
		return this.redis.zrangeByScore(this.declared, 0, (double) time.getEpochSecond())
			.stream()
			.map((uuid) -> new String(uuid, StandardCharsets.UTF_8))
			.toList();
	}

	@Override
	public void forgetDeclared(Collection<String> uuids) {
		for (String uuid : uuids) {
			this.redis.zrem(this.declared, Args.utf8(uuid));
		}
	}

	@Override
	public Leadership lead(String token, Duration lease, long above) {
		Args args = new Args(3).add(token).add(lease.toMillis()).add(above);
		Reply reply = Reply.of(LEAD,
				this.connections.leases().eval(LEAD, List.of(this.leader, this.epoch), args.values()));
		return new Leadership(reply.number(), Duration.ofMillis(reply.number()));
	}

	@Override
	public void resign(String token) {
		this.redis.eval(RESIGN, List.of(this.leader), new Args(2).add(token).add(this.channel).values());
	}

	@Override
	public @Nullable String leader() {
		byte[] lock = this.redis.get(this.leader);
		return (lock != null) ? stored(new String(lock, StandardCharsets.UTF_8)).record() : null;
	}

	@Override
	public FleetBroker.Listening listen(Runnable callback) {
		Subscription subscription = this.connections.subscribe(List.of(this.channel),
				(channel, message) -> callback.run());
		return subscription::close;
	}

}
