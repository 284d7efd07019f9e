package io.taskqueue.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.Lane;
import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.Jedis;

/**
 * The words of tests of the storage: given a state of Redis, when one thing is done, then
 * Redis holds exactly the expected state. The clock stands still at {@link #NOW}. Each
 * test has a queue of its own, because a broker remembers which queues are registered.
 */
public abstract class StorageContract {

	/** The time of every test, no whole millisecond. */
	protected static final Instant NOW = Instant.parse("2035-06-15T10:20:30.123456789Z");

	/** The same in whole seconds. */
	protected static final long NOW_S = NOW.getEpochSecond();

	/** The same in whole milliseconds. */
	protected static final long NOW_MS = NOW.toEpochMilli();

	/** The same in nanoseconds. */
	protected static final long NOW_NS = NOW_S * 1_000_000_000 + NOW.getNano();

	/** The token of the owner that fetches and settles. */
	protected static final String OWNER = "host:1:owner";

	private static final AtomicInteger QUEUES = new AtomicInteger();

	/** The test's queue. */
	protected final String queue = "q" + QUEUES.incrementAndGet();

	/** Where the tasks are. */
	protected final Storage storage;

	/** The broker's clock. */
	protected final MutableClock clock;

	/** What is tested. */
	protected final RedisBroker broker;

	/** Numbers the test's batches. */
	protected final Lane lane = new Lane();

	/** Tests a storage. */
	protected StorageContract(Storage storage) {
		this.storage = storage;
		this.clock = storage.clock();
		this.broker = storage.broker();
	}

	@BeforeEach
	void reset() {
		this.storage.redis().flushAll();
		this.clock.set(NOW);
	}

	/** Returns what hands tasks to workers and takes them back. */
	protected WorkBroker work() {
		return this.broker.work();
	}

	/** Returns what keeps queues going. */
	protected UpkeepBroker upkeep() {
		return this.broker.upkeep();
	}

	/** Begins a state. */
	protected StoredState state() {
		return new StoredState(this.queue, NOW);
	}

	/** Begins a state whose counters are of the time that the clock shows. */
	protected StoredState stateNow() {
		return new StoredState(this.queue, this.clock.instant());
	}

	/** Adds a pending task of which workers died, given back just now. */
	protected StoredState crashed(StoredState state, String id, int crashes) {
		Instant now = this.clock.instant();
		long since = now.getEpochSecond() * 1_000_000_000 + now.getNano();
		return state.task(message(id), "pending", "pending_since", since, "tq:at", since, "tq:crashes", crashes);
	}

	/** Begins a state with tasks that the owner has fetched just now, the first first. */
	protected StoredState held(String... ids) {
		TaskMessage[] messages = new TaskMessage[ids.length];
		for (int i = 0; i < ids.length; i++) {
			messages[i] = message(ids[i]);
		}
		return held(messages);
	}

	/** Begins a state with tasks that the owner has fetched just now, the first first. */
	protected StoredState held(TaskMessage... messages) {
		StoredState state = state();
		List<String> active = new ArrayList<>();
		List<Object> leases = new ArrayList<>();
		for (TaskMessage message : messages) {
			active.add(message.id());
			leases.addAll(List.of(message.id(), NOW_S + 30));
			state.task(message, "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30);
		}
		Collections.reverse(active);
		return state.list("active", active.toArray(String[]::new)).zset("lease", leases.toArray());
	}

	/** Begins a task's record. */
	protected TestTask task(String id) {
		return new TestTask(this.queue, id);
	}

	/** Returns a task's record. */
	protected TaskMessage message(String id) {
		return task(id).message();
	}

	/** Returns the key of the unique lock of a name. */
	protected String lockKey(String name) {
		return "asynq:{" + this.queue + "}:unique:t:" + name;
	}

	/** Makes this all that is in Redis. */
	protected void given(StoredState state) {
		this.storage.redis().flushAll();
		try (Jedis jedis = jedis()) {
			state.writeTo(jedis);
		}
	}

	/** Fails unless Redis holds exactly this. */
	protected void expect(StoredState state) {
		dump().assertIs(state.dump());
	}

	/** Reads all that is in Redis. */
	protected KeyDump dump() {
		return KeyDump.of(this.storage.redis());
	}

	/** Runs something that must change nothing. */
	protected void unchanged(Runnable action) {
		KeyDump before = dump();
		action.run();
		dump().assertIs(before);
	}

	/** Returns a connection of the test's own; close it after use. */
	protected Jedis jedis() {
		return this.storage.redis().jedis();
	}

	/**
	 * Returns a connection of the test's own to the server of the test's queue; close it
	 * after use.
	 */
	protected Jedis jedisOfQueue() {
		return this.storage.redis().nodeOf(Keys.queue(this.queue)).jedis();
	}

	/** Returns an asynq server beside us, for the test's queue. */
	protected GoPeer go() {
		return new GoPeer(this.storage.redis(), this.queue, this.clock);
	}

	/** Returns somebody with asynq's tools, for the test's queue. */
	protected AsynqOperator operator() {
		return new AsynqOperator(this.storage.redis(), this.queue, this.clock);
	}

	/** Fetches for the owner and returns the ids. */
	protected List<String> fetch(int count) {
		return work().fetch(this.queue, this.lane.next(), OWNER, count, 1)
			.deliveries()
			.stream()
			.map(Delivery::id)
			.toList();
	}

}
