package io.taskqueue.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.TestCluster;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is in different slots of a cluster is found all the same.
 */
class InspectorClusterTest {

	private static final List<String> QUEUES = IntStream.range(10, 22).mapToObj((number) -> "q" + number).toList();

	private static TestCluster cluster;

	@BeforeAll
	static void start() {
		cluster = TestCluster.start(3);
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	@Scenario(67)
	void overJedis() {
		// Never started: its settings are all that is needed
		everythingIsFound(new JedisConnectionFactory(cluster.configuration()));
	}

	@Test
	@Scenario(67)
	void overLettuce() {
		everythingIsFound(new LettuceConnectionFactory(cluster.configuration()));
	}

	private static void everythingIsFound(RedisConnectionFactory application) {
		cluster.flushAll();
		MutableClock clock = new MutableClock(Instant.parse("2035-06-15T10:20:30Z"));
		try (RedisBroker broker = new RedisBroker(application, RedisOptions.STANDARD, clock)) {
			broker.start("test");
			TaskInspector inspector = new TaskInspector(broker.inspect(), broker.snapshots(), broker.control(), clock);
			for (String queue : QUEUES) {
				set(queue);
				broker.fleet()
					.writeServer(
							new ServerInfo("h", 1, queue, 1, Map.of(queue, 1), false, "active", clock.instant(), 1),
							List.of(new WorkerInfo("h", 1, queue, "a", "t", new byte[0], queue, clock.instant(),
									clock.instant())));
			}
			assertThat(inspector.queues()).extracting(QueueInfo::queue).isEqualTo(QUEUES);
			assertThat(inspector.queues()).extracting(QueueInfo::processed).containsOnly(7L);
			assertThat(inspector.find("a")).extracting(TaskDetails::queue).isEqualTo(QUEUES);
			assertThat(inspector.servers()).extracting(ServerDetails::id).isEqualTo(QUEUES);
			assertThat(inspector.servers()).allSatisfy(
					(server) -> assertThat(server.running()).singleElement().returns(server.id(), RunningTask::queue));
			assertThat(inspector.history("q10", 90)).hasSize(90);
			assertThat(inspector.memoryUsage("q11")).isZero();
		}
	}

	private static void set(String queue) {
		try (Jedis jedis = cluster.nodeOf(Keys.queue(queue)).jedis()) {
			jedis.set(Keys.queue(queue) + "processed", "7");
			jedis.hset(Keys.task(queue, "a"), "state", "archived");
		}
		try (Jedis jedis = cluster.nodeOf(Keys.QUEUES).jedis()) {
			jedis.sadd(Keys.QUEUES, queue);
		}
	}

}
