package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.broker.SnapshotBroker;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * asynq's snapshots of servers and schedulers. Expired ones are passed over; those who
 * write snapshots remove them.
 */
final class RedisSnapshots implements SnapshotBroker {

	/** How many servers one script asks, so that none takes long. */
	private static final int SERVERS_AT_A_TIME = 20;

	private static final Script WORKERS = Script.load("inspect_workers");

	private static final String SERVER_PREFIX = Keys.SERVERS + ":{";

	private static final String SCHEDULER_PREFIX = Keys.SCHEDULERS + ":{";

	private final RedisPort redis;

	private final ScriptTime time;

	RedisSnapshots(RedisPort redis, ScriptTime time) {
		this.redis = redis;
		this.time = time;
	}

	@Override
	public List<Server> servers() {
		List<String> tokens = living(Keys.SERVERS, SERVER_PREFIX);
		if (tokens.isEmpty()) {
			return List.of();
		}
		List<byte @Nullable []> records = this.redis
			.mget(tokens.stream().map(Keys::server).map(Args::utf8).toArray(byte[][]::new));
		List<Reply> workers = this.redis.evalForEach(WORKERS, tokens.stream().map(Keys::workers).toList(),
				SERVERS_AT_A_TIME, new Args(0));
		List<Server> servers = new ArrayList<>(tokens.size());
		for (int i = 0; i < tokens.size(); i++) {
			byte[] record = records.get(i);
			if (record != null) {
				servers.add(new Server(record, all(workers.get(i))));
			}
		}
		return servers;
	}

	private static List<byte[]> all(Reply reply) {
		List<byte[]> values = new ArrayList<>(reply.size());
		while (reply.hasNext()) {
			values.add(reply.bytes());
		}
		return values;
	}

	@Override
	public Map<String, List<byte[]>> schedulerEntries() {
		Map<String, List<byte[]>> entries = new LinkedHashMap<>();
		for (String scheduler : living(Keys.SCHEDULERS, SCHEDULER_PREFIX)) {
			byte[] key = Args.utf8(Keys.scheduler(scheduler));
			List<byte[]> records = this.redis.run("LRANGE",
					(connection) -> connection.listCommands().lRange(key, 0, -1));
			entries.put(scheduler, (records != null) ? records : List.of());
		}
		return entries;
	}

	@Override
	public Events events(String entryId, long offset, int count) {
		byte[] key = Args.utf8(Keys.schedulerHistory(entryId));
		Long total = this.redis.run("ZCARD", (connection) -> connection.zSetCommands().zCard(key));
		Set<byte[]> records = this.redis.run("ZREVRANGE",
				(connection) -> connection.zSetCommands().zRevRange(key, offset, offset + count - 1));
		return new Events((total != null) ? total : 0, (records != null) ? List.copyOf(records) : List.of());
	}

	/** Returns the tokens of those whose snapshot has not expired. */
	private List<String> living(String index, String prefix) {
		List<String> tokens = new ArrayList<>();
		for (byte[] member : this.redis.zrangeByScore(Args.utf8(index), (double) this.time.nowSeconds(),
				Double.POSITIVE_INFINITY)) {
			String key = new String(member, StandardCharsets.UTF_8);
			if (key.startsWith(prefix) && key.endsWith("}")) {
				tokens.add(key.substring(prefix.length(), key.length() - 1));
			}
		}
		return tokens;
	}

}
