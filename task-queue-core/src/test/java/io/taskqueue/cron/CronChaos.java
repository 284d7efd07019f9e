package io.taskqueue.cron;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import io.taskqueue.TaskQueueException;
import io.taskqueue.broker.CronBroker;
import io.taskqueue.broker.CronStorage;
import io.taskqueue.broker.OccurrenceBroker;
import io.taskqueue.broker.ScheduleBoard;
import io.taskqueue.redis.ArchiveLimits;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.TestRedis;
import redis.clients.jedis.Jedis;

/**
 * The schedulers of one application on two machines whose clocks differ. They die between
 * any two calls of Redis, freeze while they lead and go on later, and lead at the same
 * time.
 */
final class CronChaos implements AutoCloseable {

	private static final double DEATH = 0.04;

	private final TestRedis redis;

	private final String namespace;

	private final Random random;

	private final List<Machine> machines = new ArrayList<>();

	private final List<CronScheduler> frozen = new ArrayList<>();

	private CronScheduler running;

	private boolean deadly = true;

	int deaths;

	int freezes;

	CronChaos(TestRedis redis, String namespace, Random random, Instant start, Duration... skews) {
		this.redis = redis;
		this.namespace = namespace;
		this.random = random;
		for (Duration skew : skews) {
			this.machines.add(new Machine(redis, namespace, start, skew));
		}
		this.running = next();
	}

	/** A process dies. */
	static final class Death extends Error {

		private static final long serialVersionUID = 1L;

		Death() {
			super("killed", null, false, false);
		}

	}

	private static final class Machine {

		final MutableClock clock;

		final RedisBroker broker;

		final CronStorage storage;

		Machine(TestRedis redis, String namespace, Instant start, Duration skew) {
			this.clock = new MutableClock(start.plus(skew));
			this.broker = new RedisBroker(redis.jedisFactory(), new RedisOptions(2, 1, Duration.ofSeconds(2),
					Duration.ofSeconds(2), Duration.ofSeconds(2), new ArchiveLimits(100, Duration.ofDays(1))),
					this.clock);
			this.broker.start(namespace);
			this.storage = this.broker.cron(namespace);
		}

	}

	void advance(Duration by) {
		this.machines.forEach((machine) -> machine.clock.advance(by));
	}

	/** Returns the registry of the first machine, whose process does not die. */
	CronTaskRegistry registry() {
		Machine machine = this.machines.get(0);
		return CronNode.registry(machine.storage, this.namespace, machine.clock, CronOptions.DEFAULTS);
	}

	/** Does something by an operator, as often as it takes while Redis comes back. */
	<T> T call(Supplier<T> call) {
		for (int attempt = 0;; attempt++) {
			try {
				return call.get();
			}
			catch (TaskQueueException ex) {
				if (attempt == 20) {
					throw ex;
				}
			}
		}
	}

	/** One of many things happens, and somebody runs. */
	void step() {
		if (this.random.nextInt(12) == 0) {
			this.freezes++;
			this.frozen.add(this.running);
			this.running = next();
		}
		if (!this.frozen.isEmpty() && this.random.nextInt(4) == 0) {
			CronScheduler thawed = this.frozen.get(this.random.nextInt(this.frozen.size()));
			if (!run(thawed) || this.frozen.size() > 3) {
				this.frozen.remove(thawed);
			}
		}
		if (!run(this.running)) {
			this.running = next();
		}
	}

	/** A new process leads and does everything that is due; it does not die meanwhile. */
	void settle() {
		this.deadly = false;
		this.running = next();
		for (int i = 0; i < 5; i++) {
			if (!run(this.running)) {
				this.running = next();
			}
		}
		this.deadly = true;
	}

	/** Returns whether it survived. */
	private boolean run(CronScheduler scheduler) {
		scheduler.onChange();
		for (int i = 0; i < 20; i++) {
			try {
				if (!scheduler.round().isZero()) {
					return true;
				}
			}
			catch (TaskQueueException ex) {
				// Redis is away
			}
			catch (Death ex) {
				this.deaths++;
				return false;
			}
		}
		return true;
	}

	/**
	 * Starts a process on some machine, for which the lease of the former one has ended.
	 */
	private CronScheduler next() {
		try (Jedis jedis = this.redis.jedis()) {
			jedis.del("taskqueue:" + this.namespace + ":{cron}:leader");
		}
		Machine machine = this.machines.get(this.random.nextInt(this.machines.size()));
		CronStorage mortal = new CronStorage(mortal(CronBroker.class, machine.storage.tasks()),
				mortal(OccurrenceBroker.class, machine.storage.occurrences()),
				mortal(ScheduleBoard.class, machine.storage.board()));
		return new CronScheduler(CronNode.registry(mortal, this.namespace, machine.clock, CronOptions.DEFAULTS),
				() -> CronSources.NONE, CronListener.NONE);
	}

	private <T> T mortal(Class<T> type, T broker) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				dieSometimes();
				try {
					Object result = method.invoke(broker, args);
					dieSometimes();
					return result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

	private void dieSometimes() {
		if (this.deadly && this.random.nextDouble() < DEATH) {
			throw new Death();
		}
	}

	@Override
	public void close() {
		this.machines.forEach((machine) -> machine.broker.close());
	}

}
