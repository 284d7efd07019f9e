package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.OnConflict;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What workers tell each other and asynq's tools.
 */
abstract class FleetContract extends StorageContract {

	private static final ServerInfo SERVER = new ServerInfo("host", 1, "sid", 10, Map.of("default", 3), false, "active",
			NOW, 1);

	private static final WorkerInfo WORKER = worker("a");

	FleetContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(55)
	void scenario55_serverSnapshot() {
		fleet().writeServer(SERVER, List.of(WORKER, worker("b")));
		Map<String, String> expected = snapshot(NOW_S + 10);
		expected.put("asynq:workers:{host:1:sid} a", latin(WORKER.encode()));
		expected.put("asynq:workers:{host:1:sid} b", latin(worker("b").encode()));
		expected.put("asynq:workers:{host:1:sid} (expires)", "10");
		assertThat(dump().asynq()).isEqualTo(expected);
		assertThat(dump().ours()).isEmpty();
	}

	@Test
	void snapshotReplacesTheFormer() {
		fleet().writeServer(SERVER, List.of(WORKER, worker("b")));
		this.clock.advance(Duration.ofSeconds(5));
		fleet().writeServer(SERVER, List.of(worker("b")));
		Map<String, String> expected = snapshot(NOW_S + 15);
		expected.put("asynq:workers:{host:1:sid} b", latin(worker("b").encode()));
		expected.put("asynq:workers:{host:1:sid} (expires)", "10");
		assertThat(dump().asynq()).isEqualTo(expected);
	}

	@Test
	void idleServerHasNoTasks() {
		fleet().writeServer(SERVER, List.of(WORKER));
		fleet().writeServer(SERVER, List.of());
		assertThat(dump().asynq()).isEqualTo(snapshot(NOW_S + 10));
	}

	@Test
	void clearedServerLeavesNothing() {
		fleet().writeServer(SERVER, List.of(WORKER));
		fleet().clearServer(SERVER);
		expect(state());
	}

	@Test
	void clearedServerLeavesOthers() {
		fleet().writeServer(SERVER, List.of());
		fleet().writeServer(new ServerInfo("host", 2, "other", 1, Map.of(), false, "active", NOW, 0), List.of(WORKER));
		fleet().clearServer(new ServerInfo("host", 2, "other", 1, Map.of(), false, "stopped", NOW, 0));
		assertThat(dump().asynq()).isEqualTo(snapshot(NOW_S + 10));
	}

	@Test
	void serversWithARecordAreAlive() {
		fleet().writeServer(SERVER, List.of());
		assertThat(fleet().alive(List.of("host:1:sid", "host:1:dead"))).containsExactly("host:1:sid");
		assertThat(fleet().alive(List.of())).isEmpty();
	}

	@Test
	void queuesAreThoseThatAreRegistered() {
		assertThat(fleet().queues()).isEmpty();
		given(state().registered());
		assertThat(fleet().queues()).isEqualTo(Set.of(this.queue));
	}

	@Test
	void uptimeIsThatOfRedis() {
		Duration before = uptimeInInfo();
		Duration uptime = fleet().uptime(this.queue);
		assertThat(uptime).isBetween(before, uptimeInInfo());
	}

	@Test
	void messagesAreHeard() throws Exception {
		BlockingQueue<String> heard = new LinkedBlockingQueue<>();
		try (FleetBroker.Listening listening = fleet().listen(List.of(this.queue, "silent"), noting(heard))) {
			assertThat(listening).isNotNull();
			await().untilAsserted(() -> assertThat(subscribers()).isEqualTo(1));
			fleet().cancel("a");
			assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("cancel a");
			schedule("later", 60);
			assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("earlier " + this.queue);
			schedule("latest", 90);
			schedule("sooner", 30);
			assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("earlier " + this.queue);
			fleet().cancel("end");
			assertThat(heard.poll(5, TimeUnit.SECONDS)).as("not of the latest").isEqualTo("cancel end");
		}
		await().untilAsserted(() -> assertThat(subscribers()).isZero());
	}

	private FleetBroker fleet() {
		return this.broker.fleet();
	}

	private void schedule(String id, long seconds) {
		this.broker.enqueue()
			.enqueue(this.queue, this.lane.next(),
					List.of(new Command(id, message(id).encode(), NOW.plusSeconds(seconds), OnConflict.FAIL, "", 0)));
	}

	private Duration uptimeInInfo() {
		try (Jedis jedis = jedisOfQueue()) {
			String line = jedis.info("server")
				.lines()
				.filter((text) -> text.startsWith("uptime_in_seconds"))
				.findAny()
				.orElseThrow();
			return Duration.ofSeconds(Long.parseLong(line.substring(line.indexOf(':') + 1)));
		}
	}

	private long subscribers() {
		long subscribers = 0;
		for (TestRedis node : this.storage.redis().masters()) {
			try (Jedis jedis = node.jedis()) {
				subscribers += jedis.pubsubNumSub("asynq:{" + this.queue + "}:tq:wake").values().iterator().next();
			}
		}
		return subscribers;
	}

	private static FleetBroker.Listener noting(BlockingQueue<String> heard) {
		return new FleetBroker.Listener() {
			@Override
			public void onCancel(String id) {
				heard.add("cancel " + id);
			}

			@Override
			public void onEarlierDue(String queue) {
				heard.add("earlier " + queue);
			}
		};
	}

	private static Map<String, String> snapshot(long score) {
		Map<String, String> lines = new TreeMap<>();
		lines.put("asynq:servers", "zset [asynq:servers:{host:1:sid}, " + score + "]");
		lines.put("asynq:workers", "zset [asynq:workers:{host:1:sid}, " + score + "]");
		lines.put("asynq:servers:{host:1:sid}", "string " + latin(SERVER.encode()));
		lines.put("asynq:servers:{host:1:sid} (expires)", "10");
		return lines;
	}

	private static WorkerInfo worker(String task) {
		return new WorkerInfo("host", 1, "sid", task, "t", "p".getBytes(StandardCharsets.UTF_8), "default",
				Instant.EPOCH, NOW);
	}

	private static String latin(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

}
