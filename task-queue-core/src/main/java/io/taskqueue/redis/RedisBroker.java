package io.taskqueue.redis;

import java.time.Clock;
import java.util.Collection;
import java.util.Set;

import io.taskqueue.TaskQueueException;
import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.broker.ControlBroker;
import io.taskqueue.broker.CronStorage;
import io.taskqueue.broker.EnqueueBroker;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.InspectBroker;
import io.taskqueue.broker.PauseBroker;
import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.broker.SnapshotBroker;
import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.broker.WorkBroker;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Tasks in Redis, in asynq's layout.
 * <p>
 * A task is a hash {@code asynq:{queue}:t:<id>} with its record in {@code msg} and its
 * state in {@code state}. Its id is in the list or sorted set that the state names:
 * {@code pending} and {@code active} (lists), {@code scheduled}, {@code retry},
 * {@code archived} and {@code completed} (sorted sets by time). An active task has a
 * lease in the sorted set {@code lease} as well. One that waits to be merged is in the
 * sorted set {@code g:<group>}, or in the {@code g:<group>:<id>} of an aggregation set.
 * What asynq does not know is private and ignored by it: the hash fields {@code tq:owner}
 * and {@code tq:lease} (who holds the task under which lease), {@code tq:crashes},
 * {@code tq:deferred} and {@code tq:at} (what we know of it, and where it must be for
 * that to count), {@code tq:cancel}, and beside the queue's keys {@code tq:due} (exact
 * due times), {@code tq:owners} (who may hold tasks), {@code tq:next} (requests that wait
 * for a running task) and {@code tq:reply:*} (answers to batches, for a minute),
 * {@code tq:backoff} (groups whose aggregator failed) and {@code tq:cron:*} (which ticks
 * of cron tasks were fired).
 * <p>
 * Every step is one script in the queue's slot. KEYS[1] of a script is the queue's
 * prefix, from which it builds the names of the keys, as asynq's scripts do.
 */
public final class RedisBroker implements AutoCloseable {

	private final RedisConnections connections;

	private final RedisEnqueue enqueue;

	private final RedisWork work;

	private final RedisUpkeep upkeep;

	private final RedisAggregation aggregation;

	private final RedisFleet fleet;

	private final RedisControl control;

	private final ScriptTime time;

	/**
	 * Derives connections and makes none yet.
	 * @param factory the application's connection factory
	 * @param options how to connect
	 * @param clock the clock; a {@link ServerClock} is corrected by Redis's
	 */
	public RedisBroker(RedisConnectionFactory factory, RedisOptions options, Clock clock) {
		this.connections = new RedisConnections(factory, options.connections(), options.watches(),
				new Timeouts(options.connectTimeout(), options.commandTimeout(), options.blockTime()));
		ScriptTime time = new ScriptTime(clock, clock instanceof ServerClock);
		this.time = time;
		RedisPort scripts = this.connections.scripts();
		this.enqueue = new RedisEnqueue(scripts, time, observer(clock));
		this.work = new RedisWork(scripts, this.connections.leases(), time, options.archive());
		this.upkeep = new RedisUpkeep(scripts, time, options.archive(), observer(clock));
		this.aggregation = new RedisAggregation(scripts, time, options.archive(), this.enqueue);
		this.control = new RedisControl(scripts, time, options.archive());
		this.fleet = new RedisFleet(this.connections, time);
	}

	/**
	 * Connects like {@link #start(String, Collection)}, with queues that are not known
	 * yet.
	 */
	public void start(String namespace) {
		start(namespace, Set.of());
	}

	/**
	 * Connects, and checks that this Redis can be worked with.
	 * @param namespace the application's namespace
	 * @param queues the queues it is going to use, for which the permissions are tried
	 * @throws TaskQueueException when Redis cannot be reached, refuses, or does not suit;
	 * nothing is left behind then
	 */
	public void start(String namespace, Collection<String> queues) {
		this.connections.start();
		try {
			new ServerCheck(this.connections.scripts()).run(namespace, queues);
			queues.forEach(this.enqueue::measureClock);
		}
		catch (RuntimeException ex) {
			this.connections.close();
			throw ex;
		}
	}

	@Override
	public void close() {
		this.connections.close();
	}

	private static ServerClock.Observer observer(Clock clock) {
		return (sent, received, at) -> {
			if (clock instanceof ServerClock corrected) {
				corrected.observe(sent, received, at);
			}
		};
	}

	/** Stores new tasks. */
	public EnqueueBroker enqueue() {
		return this.enqueue;
	}

	/** Hands tasks to workers and takes them back. */
	public WorkBroker work() {
		return this.work;
	}

	/** Keeps queues going. */
	public UpkeepBroker upkeep() {
		return this.upkeep;
	}

	/** Takes sets of tasks out of aggregation groups. */
	public AggregationBroker aggregation() {
		return this.aggregation;
	}

	/** Returns a new storage for the cron tasks of a namespace. */
	public CronStorage cron(String namespace) {
		RedisPort scripts = this.connections.scripts();
		return new CronStorage(new RedisCron(this.connections, this.time, namespace),
				new RedisOccurrences(scripts, this.time, this.enqueue, namespace),
				new RedisScheduleBoard(scripts, this.time));
	}

	/** Does what operators ask for. */
	public ControlBroker control() {
		return this.control;
	}

	/** Reads queues and tasks. */
	public InspectBroker inspect() {
		return new RedisInspect(this.connections.scripts(), this.time);
	}

	/** Reads what servers and schedulers report of themselves. */
	public SnapshotBroker snapshots() {
		return new RedisSnapshots(this.connections.scripts(), this.time);
	}

	/** Counts who holds a permit. */
	public SemaphoreBroker semaphores() {
		return new RedisSemaphores(this.connections.scripts(), this.time);
	}

	/** Keeps which task types of a namespace are paused. */
	public PauseBroker pauses(String namespace) {
		return new RedisPauses(this.connections.scripts(), namespace);
	}

	/**
	 * Returns if Redis answers; of a cluster, if all nodes do.
	 * @throws TaskQueueException if not
	 */
	public void ping() {
		this.connections.scripts().ping();
	}

	/** What workers tell and hear of each other. */
	public FleetBroker fleet() {
		return this.fleet;
	}

}
