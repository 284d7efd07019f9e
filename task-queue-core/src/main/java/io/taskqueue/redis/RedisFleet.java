package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;

/**
 * What workers tell and hear of each other: asynq's snapshots and cancel channel, and the
 * private channel for tasks that are due early.
 */
final class RedisFleet implements FleetBroker {

	/** asynq's life time of a snapshot: two heartbeats. */
	private static final Duration SNAPSHOT = Duration.ofSeconds(10);

	private static final Script WRITE_SERVER = Script.load("write_server");

	private static final Script UPTIME = Script.load("uptime");

	private static final byte[] CANCEL = Args.utf8(Keys.CANCEL);

	private static final byte[] SERVERS = Args.utf8(Keys.SERVERS);

	private static final byte[] WORKERS = Args.utf8(Keys.WORKERS);

	private final RedisConnections connections;

	private final RedisPort redis;

	private final ScriptTime time;

	/** One watch per queue, made when needed; closed ones are gone from here. */
	private final Map<String, PushWatch> watches = new ConcurrentHashMap<>();

	RedisFleet(RedisConnections connections, ScriptTime time) {
		this.connections = connections;
		this.redis = connections.scripts();
		this.time = time;
	}

	@Override
	public void writeServer(ServerInfo server, List<WorkerInfo> workers) {
		String serverKey = Keys.server(server.token());
		String workersKey = Keys.workers(server.token());
		double now = this.time.nowSeconds();
		double expires = now + SNAPSHOT.toSeconds();
		this.redis.zadd(SERVERS, expires, Args.utf8(serverKey));
		this.redis.zadd(WORKERS, expires, Args.utf8(workersKey));
		// Of those that died; asynq leaves it to its tools
		this.redis.zremUpTo(SERVERS, now - 1);
		this.redis.zremUpTo(WORKERS, now - 1);
		Args args = new Args(2 + 2 * workers.size()).add(SNAPSHOT.toSeconds()).add(server.encode());
		for (WorkerInfo worker : workers) {
			args.add(worker.taskId()).add(worker.encode());
		}
		this.redis.eval(WRITE_SERVER, List.of(Args.utf8(serverKey), Args.utf8(workersKey)), args.values());
	}

	@Override
	public void clearServer(ServerInfo server) {
		byte[] serverKey = Args.utf8(Keys.server(server.token()));
		byte[] workersKey = Args.utf8(Keys.workers(server.token()));
		this.redis.zrem(SERVERS, serverKey);
		this.redis.zrem(WORKERS, workersKey);
		this.redis.delete(serverKey);
		this.redis.delete(workersKey);
	}

	@Override
	public Set<String> alive(Collection<String> owners) {
		Set<String> alive = new HashSet<>();
		for (String owner : owners) {
			if (this.redis.exists(Args.utf8(Keys.server(owner)))) {
				alive.add(owner);
			}
		}
		return alive;
	}

	@Override
	public Duration uptime(String queue) {
		return Duration.ofSeconds(Reply.number(UPTIME, this.redis.eval(UPTIME, Keys.queue(queue), new Args(0))));
	}

	@Override
	public Set<String> queues() {
		Set<String> queues = new HashSet<>();
		for (byte[] queue : this.redis.smembers(Args.utf8(Keys.QUEUES))) {
			queues.add(new String(queue, StandardCharsets.UTF_8));
		}
		return queues;
	}

	@Override
	public boolean awaitPending(String queue, Duration timeout) {
		PushWatch watch = this.watches.computeIfAbsent(queue,
				(name) -> this.connections.watch(Args.utf8(Keys.queue(name) + "pending")));
		return watch.awaitPush(timeout);
	}

	@Override
	public void endWaits() {
		Set.copyOf(this.watches.keySet()).forEach(this::endWaits);
	}

	@Override
	public void endWaits(String queue) {
		PushWatch watch = this.watches.remove(queue);
		if (watch != null) {
			watch.close();
		}
	}

	@Override
	public Listening listen(Collection<String> queues, Listener listener) {
		Map<String, String> queueByChannel = new ConcurrentHashMap<>();
		List<byte[]> channels = new ArrayList<>(List.of(CANCEL));
		for (String queue : queues) {
			String channel = Keys.queue(queue) + "tq:wake";
			queueByChannel.put(channel, queue);
			channels.add(Args.utf8(channel));
		}
		Subscription subscription = this.connections.subscribe(channels, (channel, message) -> {
			String queue = queueByChannel.get(new String(channel, StandardCharsets.UTF_8));
			if (queue != null) {
				listener.onEarlierDue(queue);
			}
			else {
				cancel(new String(message, StandardCharsets.UTF_8), queueByChannel.values(), listener);
			}
		});
		return subscription::close;
	}

	/** asynq sends an id, which other queues may have too; ours are a task's key. */
	private static void cancel(String message, Collection<String> queues, Listener listener) {
		for (String queue : queues) {
			String prefix = Keys.taskPrefix(queue);
			if (message.startsWith(prefix)) {
				listener.onCancel(queue, message.substring(prefix.length()));
				return;
			}
		}
		listener.onCancel(message);
	}

	@Override
	public void cancel(String id) {
		this.redis.publish(CANCEL, Args.utf8(id));
	}

}
