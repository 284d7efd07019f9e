package io.taskqueue.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the records and key names against bytes that asynq itself wrote. The tests'
 * numbers are those of the conformance scenarios.
 */
class GoldenRecordsTest {

	private static final String MINIMAL = "0a01741a026964220764656661756c74281940880e";

	private static final String MINIMAL_WITHOUT_RETRY = "0a01741a026964220764656661756c7440880e";

	private static final String FULL = "0a0a656d61696c3a73656e64120e7b22757365725f6964223a34327d1a2430303030303030"
			+ "302d303030302d343030302d383030302d3030303030303030303030312208637269746963616c281930023a04626f6f6d4088"
			+ "0e4880e6fe890752246173796e713a7b637269746963616c7d3a756e697175653a656d61696c3a73656e643a785880e2cfaa06"
			+ "60901c68e4e2cfaa0672036772707a1c0a0b7472616365706172656e74120d30302d6162632d6465662d3031";

	private static final String SERVER = "0a026831107b1a03736964200a2a0b0a0764656661756c74100330013a06616374697665"
			+ "42080880e2cfaa0610054801";

	private static final String WORKER = "0a026831107b1a0373696422037469642a01743201703a0764656661756c7442060880e2"
			+ "cfaa064a060888f0cfaa06";

	@Test
	@Scenario(1)
	void scenario01_decodesGoldenBytes() {
		TaskMessage full = new TaskMessage("email:send", utf8("{\"user_id\":42}"),
				"00000000-0000-4000-8000-000000000001", "critical", 25, 2, "boom", 1800, 1900000000,
				"asynq:{critical}:unique:email:send:x", 1700000000, 3600, 1700000100, "grp",
				Map.of("traceparent", "00-abc-def-01"));
		assertMessage(MINIMAL, minimal(25));
		assertMessage(MINIMAL_WITHOUT_RETRY, minimal(0));
		assertMessage(FULL, full);
	}

	@Test
	@Scenario(1)
	void scenario01_decodesGoldenServerAndWorker() {
		Instant start = Instant.ofEpochSecond(1700000000);
		ServerInfo server = new ServerInfo("h1", 123, "sid", 10, Map.of("default", 3), true, "active",
				start.plusNanos(5), 1);
		assertThat(ServerInfo.decode(bytes(SERVER))).isEqualTo(server);
		assertThat(hex(server.encode())).isEqualTo(SERVER);

		WorkerInfo worker = new WorkerInfo("h1", 123, "sid", "tid", "t", utf8("p"), "default", start,
				start.plusSeconds(1800));
		assertThat(WorkerInfo.decode(bytes(WORKER))).usingRecursiveComparison().isEqualTo(worker);
		assertThat(hex(worker.encode())).isEqualTo(WORKER);
	}

	@Test
	@Scenario({ 1, 56 })
	void decodesAndEncodesGoldenSchedulerRecords() {
		Instant at = Instant.ofEpochSecond(1700000000);
		SchedulerEntry entry = new SchedulerEntry("eid", "@every 30s", "t", utf8("p"),
				List.of("Queue(\"low\")", "MaxRetry(3)"), at.plusSeconds(30), null);
		assertThat(hex(entry.encode())).isEqualTo(
				"0a03656964120a406576657279203330731a01742201702a0c517565756528226c6f7722292a0b4d617852657472792833293206"
						+ "089ee2cfaa063a0b088092b8c398feffffff01");
		assertThat(SchedulerEntry.decode(entry.encode())).usingRecursiveComparison().isEqualTo(entry);
		SchedulerEnqueueEvent event = new SchedulerEnqueueEvent("tid", at);
		assertThat(hex(event.encode())).isEqualTo("0a0374696412060880e2cfaa06");
		assertThat(SchedulerEnqueueEvent.decode(event.encode())).isEqualTo(event);
	}

	@Test
	@Scenario(56)
	void writesOptionsAsGoDoes() {
		TaskMessage message = new TaskMessage("t", utf8("p"), "id", "low", 3, 0, "", 90, 0, "", 0, 86_400, 0, "",
				Map.of());
		assertThat(GoOptions.of(message)).containsExactly("Queue(\"low\")", "MaxRetry(3)", "Timeout(1m30s)",
				"Retention(24h0m0s)");
	}

	@Test
	@Scenario(2)
	void scenario02_leavesOutZeroRetry() {
		assertThat(hex(minimal(25).encode())).isEqualTo(MINIMAL);
		assertThat(hex(minimal(0).encode())).isEqualTo(MINIMAL_WITHOUT_RETRY);
		assertThat(TaskMessage.decode(minimal(0).encode()).retry()).isZero();
	}

	@Test
	@Scenario(3)
	void scenario03_tellsNullFromEmptyPayloadInTheUniqueKeyOnly() {
		assertThat(Keys.unique("default", "t", null)).isEqualTo("asynq:{default}:unique:t:");
		assertThat(Keys.unique("default", "t", new byte[0]))
			.isEqualTo("asynq:{default}:unique:t:d41d8cd98f00b204e9800998ecf8427e");
		assertThat(hex(minimal(25).encode())).as("no payload on the wire").isEqualTo(MINIMAL);
	}

	@Test
	@Scenario(4)
	void scenario04_hashesPayloadsAsGoDoes() {
		assertThat(Keys.unique("default", "email:send", utf8("{\"user_id\":42}")))
			.isEqualTo("asynq:{default}:unique:email:send:1181f89307fa271072c095747d5813cc");
		assertThat(Keys.unique("q", "t", utf8("p"))).isEqualTo("asynq:{q}:unique:t:83878c91171338902e0fe0fb97a8c47a");
	}

	@Test
	@Scenario(5)
	void scenario05_keepsNonAsciiText() {
		TaskMessage message = new TaskMessage("büro:📮", new byte[0], "ид", "очередь", 0, 0, "💥 naïve", 0, 0,
				Keys.unique("очередь", "büro:📮", null), 0, 0, 0, "组", Map.of("имя", "значение🙂"));
		assertMessage(hex(message.encode()), message);
		assertThat(Keys.task("очередь", "ид")).isEqualTo("asynq:{очередь}:t:ид");
	}

	@Test
	@Scenario(5)
	void scenario05_mendsUnpairedSurrogates() {
		TaskMessage broken = minimal(25).failed("high \ud83d, low \udcae, pair 📮", 1700000000);
		TaskMessage mended = TaskMessage.decode(broken.encode());
		assertThat(mended.errorMsg()).isEqualTo("high ?, low ?, pair 📮");

		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("a\ud83d", "\udcae");
		TaskMessage withHeaders = new TaskMessage("t", new byte[0], "id", "default", 0, 0, "", 0, 0, "", 0, 0, 0, "",
				headers);
		assertThat(TaskMessage.decode(withHeaders.encode()).headers()).isEqualTo(Map.of("a?", "?"));
	}

	private static TaskMessage minimal(int retry) {
		return new TaskMessage("t", new byte[0], "id", "default", retry, 0, "", 1800, 0, "", 0, 0, 0, "", Map.of());
	}

	private static void assertMessage(String golden, TaskMessage expected) {
		assertThat(TaskMessage.decode(bytes(golden))).usingRecursiveComparison().isEqualTo(expected);
		assertThat(hex(expected.encode())).isEqualTo(golden);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}
