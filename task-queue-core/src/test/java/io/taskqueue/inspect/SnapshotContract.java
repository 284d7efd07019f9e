package io.taskqueue.inspect;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.wire.SchedulerEnqueueEvent;
import io.taskqueue.wire.ServerInfo;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What servers and schedulers report, with asynq's own records of protocol §17.
 */
abstract class SnapshotContract extends InspectorContract {

	private static final String SERVER = "0a026831107b1a03736964200a2a0b0a0764656661756c74100330013a0661637469766542080880e2cfaa0610054801";

	private static final String WORKER = "0a026831107b1a0373696422037469642a01743201703a0764656661756c7442060880e2cfaa064a060888f0cfaa06";

	private static final String ENTRY = "0a03656964120a406576657279203330731a01742201702a0c517565756528226c6f7722292a0b4d617852657472792833293206089ee2cfaa063a0b088092b8c398feffffff01";

	SnapshotContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(55)
	void scenario55_serverOfAsynq() {
		server("h1:123:sid", NOW_S, hex(SERVER));
		worker("h1:123:sid", "tid", hex(WORKER));
		RunningTask running = new RunningTask("default", "tid", "t", utf8("p"), Instant.ofEpochSecond(1700000000),
				Instant.ofEpochSecond(1700001800));
		ServerDetails expected = new ServerDetails("h1", 123, "sid", 10, Map.of("default", 3), true, "active",
				Instant.ofEpochSecond(1700000000, 5), 1, List.of(running));
		assertThat(this.inspector.servers()).singleElement().usingRecursiveComparison().isEqualTo(expected);
		assertThat(expected.token()).isEqualTo("h1:123:sid");
	}

	@Test
	@Scenario(55)
	void scenario55_serverOfOurs() {
		given(state());
		ServerInfo server = new ServerInfo("h", 1, "id", 4, Map.of("a", 1, "b", 2), false, "stopped", second(-5), 0);
		this.broker.fleet().writeServer(server, List.of());
		assertThat(this.inspector.servers()).containsExactly(
				new ServerDetails("h", 1, "id", 4, Map.of("a", 1, "b", 2), false, "stopped", second(-5), 0, List.of()));
		this.broker.fleet().clearServer(server);
		assertThat(this.inspector.servers()).isEmpty();
	}

	@Test
	void serversThatHaveDiedOrCannotBeReadAreLeftOut() {
		server("h1:123:sid", NOW_S, hex(SERVER));
		worker("h1:123:sid", "garbage", utf8("no record"));
		server("dead:1:x", NOW_S - 1, hex(SERVER));
		server("garbage:1:x", NOW_S + 5, utf8("no record"));
		try (Jedis jedis = jedis()) {
			jedis.zadd("asynq:servers", (double) NOW_S + 5, "asynq:servers:{gone:1:x}");
			jedis.zadd("asynq:servers", (double) NOW_S + 5, "something");
			jedis.zadd("asynq:servers", (double) NOW_S + 5, "asynq:servers:{foreign:1:x}");
			jedis.sadd("asynq:servers:{foreign:1:x}", "left");
		}
		assertThat(this.inspector.servers()).extracting(ServerDetails::token).containsExactly("h1:123:sid");
		assertThat(this.inspector.servers().get(0).running()).isEmpty();
		try (Jedis jedis = jedis()) {
			jedis.set("asynq:workers:{h1:123:sid}", "left");
		}
		assertThat(this.inspector.servers()).hasSize(1);
	}

	@Test
	void manyServers() {
		for (int i = 10; i < 75; i++) {
			server("h:%d:x".formatted(i), NOW_S, server(i));
		}
		assertThat(this.inspector.servers()).hasSize(65).extracting(ServerDetails::pid).startsWith(10, 11);
	}

	@Test
	@Scenario(56)
	void scenario56_schedulerEntryThatHasNeverRun() {
		given(state());
		try (Jedis jedis = jedis()) {
			jedis.zadd("asynq:schedulers", (double) NOW_S, "asynq:schedulers:{h:1:x}");
			jedis.rpush(utf8("asynq:schedulers:{h:1:x}"), hex(ENTRY), utf8("no record"));
			jedis.zadd("asynq:schedulers", (double) NOW_S - 1, "asynq:schedulers:{dead}");
			jedis.rpush(utf8("asynq:schedulers:{dead}"), hex(ENTRY));
		}
		assertThat(this.inspector.schedulerEntries()).singleElement()
			.usingRecursiveComparison()
			.isEqualTo(new SchedulerEntryDetails("eid", "h:1:x", "@every 30s", "t", utf8("p"),
					List.of("Queue(\"low\")", "MaxRetry(3)"), Instant.ofEpochSecond(1700000030), null));
	}

	@Test
	@Scenario(56)
	void scenario56_occurrencesAreListedNewestFirst() {
		given(state());
		try (Jedis jedis = jedis()) {
			byte[] key = utf8("asynq:scheduler_history:eid");
			for (int i = 0; i < 25; i++) {
				jedis.zadd(key, (double) NOW_S + i, new SchedulerEnqueueEvent("t" + i, second(i)).encode());
			}
			jedis.zadd(key, (double) NOW_S + 21.5, utf8("no record"));
		}
		Listing<EnqueueEvent> first = this.inspector.enqueueEvents("eid", Paging.first(10));
		assertThat(first.total()).isEqualTo(26);
		assertThat(first.items()).hasSize(9)
			.startsWith(new EnqueueEvent("t24", second(24)), new EnqueueEvent("t23", second(23)));
		Listing<EnqueueEvent> last = this.inspector.enqueueEvents("eid", Paging.page(3, 10));
		assertThat(last.items()).extracting(EnqueueEvent::taskId).containsExactly("t5", "t4", "t3", "t2", "t1", "t0");
		assertThat(last.next()).isNull();
		assertThat(this.inspector.enqueueEvents("eid", first.next()).items()).hasSize(10);
		assertThat(this.inspector.enqueueEvents("nobody", Paging.first())).isEqualTo(new Listing<>(List.of(), 0, null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.inspector.enqueueEvents("eid", new Paging(1, 0, "1:a")));
	}

	private void server(String token, long expires, byte[] record) {
		try (Jedis jedis = jedis()) {
			jedis.zadd("asynq:servers", (double) expires, "asynq:servers:{" + token + "}");
			jedis.set(utf8("asynq:servers:{" + token + "}"), record);
		}
	}

	private void worker(String token, String id, byte[] record) {
		try (Jedis jedis = jedis()) {
			jedis.hset(utf8("asynq:workers:{" + token + "}"), utf8(id), record);
		}
	}

	private static byte[] server(int pid) {
		return new ServerInfo("h", pid, "x", 1, Map.of(), false, "active", NOW, 0).encode();
	}

	private static byte[] hex(String digits) {
		return HexFormat.of().parseHex(digits);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
