package io.taskqueue.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.TaskMessage;
import io.taskqueue.wire.WorkerInfo;

/**
 * A broker in memory that behaves like the real one: tasks have owners and leases,
 * batches may be repeated, queues paused. Calls can be made to fail before or after they
 * took effect, or be held up, by {@link #before} and {@link #after}.
 */
public final class InMemoryBroker implements WorkBroker, FleetBroker, SemaphoreBroker {

	/** The calls that can be interfered with. */
	public enum Call {

		FETCH, COMPLETE, RETRY, ARCHIVE, RELEASE, RENEW, WRITE_RESULT, WRITE_SERVER, CLEAR_SERVER, AWAIT, QUEUES,
		ACQUIRE

	}

	/** A call and its queue, as hooks see it. */
	public record Seen(Call call, String queue, List<String> ids) {
	}

	private final Clock clock;

	private final Map<String, InMemoryQueue> queues = new ConcurrentHashMap<>();

	private final Map<String, Map<String, Instant>> permits = new ConcurrentHashMap<>();

	private final Set<String> unregistered = ConcurrentHashMap.newKeySet();

	private final Map<String, ServerInfo> servers = new ConcurrentHashMap<>();

	private final Map<String, List<WorkerInfo>> workers = new ConcurrentHashMap<>();

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	private final List<Function<Seen, RuntimeException>> before = new CopyOnWriteArrayList<>();

	private final List<Function<Seen, RuntimeException>> after = new CopyOnWriteArrayList<>();

	private final List<Seen> calls = new CopyOnWriteArrayList<>();

	private volatile boolean recording = true;

	private volatile int waitsEnded;

	public InMemoryBroker(Clock clock) {
		this.clock = clock;
	}

	/** Returns the state of a queue, creating it. */
	public InMemoryQueue queue(String queue) {
		return this.queues.computeIfAbsent(queue, (name) -> new InMemoryQueue(name, this.clock));
	}

	/** Takes a queue out of the list of queues until something is pushed to it. */
	public void unregister(String queue) {
		this.unregistered.add(queue);
	}

	/** Adds a pending task as a producer would. */
	public void push(TaskMessage message) {
		this.unregistered.remove(message.queue());
		queue(message.queue()).push(message.id(), message.encode());
	}

	/** Runs before calls take effect; may block; what it returns is thrown instead. */
	public void before(Function<Seen, RuntimeException> hook) {
		this.before.add(hook);
	}

	/** Runs after calls took effect; what it returns is thrown in place of the answer. */
	public void after(Function<Seen, RuntimeException> hook) {
		this.after.add(hook);
	}

	/** Lets all calls pass again. */
	public void heal() {
		this.before.clear();
		this.after.clear();
	}

	/** Returns what is thrown when Redis is away. */
	public static RuntimeException away() {
		return new TaskQueueUnavailableException("Redis is away", null);
	}

	/** Returns the calls of a kind so far. */
	public List<Seen> calls(Call call) {
		return this.calls.stream().filter((seen) -> seen.call() == call).toList();
	}

	/** Remembers calls no longer. */
	public void stopRecording() {
		this.recording = false;
	}

	/** Returns the servers whose records exist. */
	public Map<String, ServerInfo> servers() {
		return this.servers;
	}

	/** Returns the records of a server's running tasks. */
	public List<WorkerInfo> workers(String token) {
		return this.workers.getOrDefault(token, List.of());
	}

	private <T> T call(Call call, String queue, List<String> ids, Supplier<T> effect) {
		Seen seen = new Seen(call, queue, ids);
		if (this.recording) {
			this.calls.add(seen);
		}
		apply(this.before, seen);
		T answer = effect.get();
		apply(this.after, seen);
		return answer;
	}

	private static void apply(List<Function<Seen, RuntimeException>> hooks, Seen seen) {
		for (Function<Seen, RuntimeException> hook : hooks) {
			RuntimeException failure = hook.apply(seen);
			if (failure != null) {
				throw failure;
			}
		}
	}

	@Override
	public Fetched fetch(String queue, BatchId batch, String owner, int count, int suspects) {
		return call(Call.FETCH, queue, List.of(), () -> queue(queue).fetch(batch, owner, count, suspects));
	}

	@Override
	public List<Settled> complete(String queue, BatchId batch, String owner, List<Completion> completions) {
		List<String> ids = completions.stream().map(Completion::id).toList();
		return call(Call.COMPLETE, queue, ids, () -> queue(queue).complete(batch, owner, completions));
	}

	@Override
	public List<Settled> retry(String queue, BatchId batch, String owner, List<Retry> retries) {
		List<String> ids = retries.stream().map(Retry::id).toList();
		return call(Call.RETRY, queue, ids, () -> queue(queue).retry(batch, owner, retries));
	}

	@Override
	public List<Settled> archive(String queue, BatchId batch, String owner, List<Archival> archivals) {
		List<String> ids = archivals.stream().map(Archival::id).toList();
		return call(Call.ARCHIVE, queue, ids, () -> queue(queue).archive(batch, owner, archivals));
	}

	@Override
	public List<Settled> release(String queue, BatchId batch, String owner, List<Release> releases) {
		List<String> ids = releases.stream().map(Release::id).toList();
		return call(Call.RELEASE, queue, ids, () -> queue(queue).release(batch, owner, releases));
	}

	@Override
	public List<Renewal> renew(String queue, String owner, List<String> ids) {
		return call(Call.RENEW, queue, ids, () -> queue(queue).renew(owner, ids));
	}

	@Override
	public boolean writeResult(String queue, String owner, String id, byte[] result) {
		return call(Call.WRITE_RESULT, queue, List.of(id), () -> queue(queue).writeResult(owner, id, result));
	}

	@Override
	public void writeServer(ServerInfo server, List<WorkerInfo> workers) {
		call(Call.WRITE_SERVER, "", List.of(server.token()), () -> {
			this.servers.put(server.token(), server);
			this.workers.put(server.token(), workers);
			return true;
		});
	}

	@Override
	public void clearServer(ServerInfo server) {
		call(Call.CLEAR_SERVER, "", List.of(server.token()), () -> {
			this.workers.remove(server.token());
			this.servers.remove(server.token());
			return true;
		});
	}

	@Override
	public Set<String> alive(Collection<String> owners) {
		Set<String> alive = new HashSet<>(owners);
		alive.retainAll(this.servers.keySet());
		return alive;
	}

	@Override
	public Duration uptime(String queue) {
		return Duration.ofDays(1);
	}

	@Override
	public Set<String> queues() {
		return call(Call.QUEUES, "", List.of(), () -> {
			Set<String> registered = new HashSet<>(this.queues.keySet());
			registered.removeAll(this.unregistered);
			return registered;
		});
	}

	@Override
	public boolean awaitPending(String queue, Duration timeout) {
		int ended = this.waitsEnded;
		return call(Call.AWAIT, queue, List.of(),
				() -> queue(queue).awaitPending(timeout, () -> this.waitsEnded != ended));
	}

	@Override
	public synchronized void endWaits() {
		this.waitsEnded++;
		this.queues.values().forEach(InMemoryQueue::wakeWaiters);
	}

	@Override
	public synchronized void endWaits(String queue) {
		// Ends those of the others too, which begin again
		endWaits();
	}

	@Override
	public boolean acquire(String scope, int permits, String id, Instant until) {
		return call(Call.ACQUIRE, scope, List.of(id), () -> {
			Map<String, Instant> holders = this.permits.computeIfAbsent(scope, (name) -> new ConcurrentHashMap<>());
			synchronized (holders) {
				long ended = this.clock.instant().getEpochSecond() - 1;
				holders.values().removeIf((end) -> end.getEpochSecond() <= ended);
				if (!holders.containsKey(id) && holders.size() >= permits) {
					return false;
				}
				holders.put(id, until);
				return true;
			}
		});
	}

	@Override
	public boolean release(String scope, String id) {
		return this.permits.getOrDefault(scope, new ConcurrentHashMap<>()).remove(id) != null;
	}

	@Override
	public Listening listen(Collection<String> queues, Listener listener) {
		this.listeners.add(listener);
		return () -> this.listeners.remove(listener);
	}

	@Override
	public void cancel(String id) {
		this.listeners.forEach((listener) -> listener.onCancel(id));
	}

}
