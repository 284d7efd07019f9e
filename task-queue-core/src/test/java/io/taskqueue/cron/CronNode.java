package io.taskqueue.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.TaskOptions;
import io.taskqueue.broker.CronStorage;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.redis.ArchiveLimits;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.TestRedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A process with a scheduler that moves only when a test says so.
 */
final class CronNode implements AutoCloseable {

	final RedisBroker broker;

	final CronStorage storage;

	final CronTaskRegistry registry;

	final CronScheduler scheduler;

	final List<String> events = new ArrayList<>();

	CronNode(TestRedis redis, String namespace, Clock clock) {
		this(redis.jedisFactory(), namespace, clock);
	}

	CronNode(RedisConnectionFactory redis, String namespace, Clock clock) {
		this(redis, namespace, clock, CronOptions.DEFAULTS, CronSources.NONE);
	}

	CronNode(RedisConnectionFactory redis, String namespace, Clock clock, CronOptions options, CronSources sources) {
		this.broker = new RedisBroker(redis, new RedisOptions(2, 1, Duration.ofSeconds(2), Duration.ofSeconds(2),
				Duration.ofSeconds(2), new ArchiveLimits(100, Duration.ofDays(1))), clock);
		this.broker.start(namespace);
		this.storage = this.broker.cron(namespace);
		this.registry = registry(this.storage, namespace, clock, options);
		this.scheduler = new CronScheduler(this.registry, () -> sources, new Recorder());
	}

	static CronTaskRegistry registry(CronStorage storage, String namespace, Clock clock, CronOptions options) {
		TaskEncoder encoder = new TaskEncoder(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS, clock);
		return new CronTaskRegistry(storage, namespace, encoder, options, clock);
	}

	/** Does everything that is due. */
	void run() {
		this.scheduler.onChange();
		for (int i = 0; i < 100 && this.scheduler.round().isZero(); i++) {
			// There is more
		}
	}

	@Override
	public void close() {
		this.scheduler.stop();
		this.broker.close();
	}

	private final class Recorder implements CronListener {

		@Override
		public void leadershipTaken(String node) {
			CronNode.this.events.add("taken");
		}

		@Override
		public void leadershipLost(String node) {
			CronNode.this.events.add("lost");
		}

		@Override
		public void fired(String uuid, String taskId, Instant tick) {
			CronNode.this.events.add("fired " + taskId);
		}

		@Override
		public void overlapped(String uuid, Instant tick) {
			CronNode.this.events.add("overlapped " + uuid + "@" + tick.getEpochSecond());
		}

		@Override
		public void missed(String uuid, Instant first, Instant last) {
			CronNode.this.events.add("missed " + uuid);
		}

	}

}
