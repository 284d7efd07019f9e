package io.taskqueue.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecordsTest {

	private static final Instant NEVER = Instant.ofEpochSecond(-62135596800L);

	@Test
	void anEmptyRecordHasDefaults() {
		TaskMessage empty = new TaskMessage("", new byte[0], "", "", 0, 0, "", 0, 0, "", 0, 0, 0, "", Map.of());
		assertThat(TaskMessage.decode(new byte[0])).usingRecursiveComparison().isEqualTo(empty);
		assertThat(empty.encode()).isEmpty();
	}

	@Test
	void skipsUnknownFields() {
		byte[] known = message(new Random(1)).encode();
		byte[] unknown = new RecordWriter(16).number(16, 7)
			.text(17, "new")
			.time(18, Instant.EPOCH)
			.number(536870911, -1)
			.toBytes();
		byte[] group = { (byte) 0x9b, 0x01, 0x08, 0x01, (byte) 0x9c, 0x01 };
		byte[] fixed = { (byte) 0xa1, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, (byte) 0xa5, 0x01, 1, 2, 3, 4 };
		assertThat(TaskMessage.decode(joined(unknown, group, known, fixed))).usingRecursiveComparison()
			.isEqualTo(TaskMessage.decode(known));
	}

	@Test
	void skipsUnknownFieldsOfNestedRecords() {
		byte[] time = new RecordWriter(16).number(1, 7).text(3, "new").toBytes();
		byte[] queue = new RecordWriter(16).text(1, "low").number(2, 1).number(3, 5).toBytes();
		ServerInfo server = ServerInfo.decode(new RecordWriter(64).present(5, queue).present(8, time).toBytes());
		assertThat(server.queues()).isEqualTo(Map.of("low", 1));
		assertThat(server.startTime()).isEqualTo(Instant.ofEpochSecond(7));

		byte[] header = new RecordWriter(16).text(1, "a").text(2, "b").number(3, 5).toBytes();
		assertThat(TaskMessage.decode(new RecordWriter(64).present(15, header).toBytes()).headers())
			.isEqualTo(Map.of("a", "b"));
	}

	@Test
	void aLaterFieldReplacesAnEarlierOne() {
		byte[] twice = joined(new RecordWriter(16).text(1, "old").toBytes(),
				new RecordWriter(16).text(1, "new").toBytes());
		assertThat(TaskMessage.decode(twice).type()).isEqualTo("new");
	}

	@Test
	void refusesTruncatedRecords() {
		byte[] bytes = new RecordWriter(16).text(1, "email:send").toBytes();
		for (int length = 1; length < bytes.length; length++) {
			assertInvalid(Arrays.copyOf(bytes, length), "TaskMessage", TaskMessage::decode);
		}
	}

	@Test
	void refusesInvalidUtf8() {
		byte[] bytes = { 0x0a, 0x02, (byte) 0xc3, 0x28 };
		assertInvalid(bytes, "TaskMessage", TaskMessage::decode);
		assertInvalid(bytes, "ServerInfo", ServerInfo::decode);
		assertInvalid(bytes, "WorkerInfo", WorkerInfo::decode);
	}

	@Test
	void refusesFieldsOfAnotherWireType() {
		assertInvalid(new RecordWriter(16).number(1, 5).toBytes(), "TaskMessage", TaskMessage::decode);
		assertInvalid(new RecordWriter(16).text(2, "pid").toBytes(), "ServerInfo", ServerInfo::decode);
		assertInvalid(new RecordWriter(16).number(8, 5).toBytes(), "WorkerInfo", WorkerInfo::decode);
	}

	@Test
	void refusesBrokenNestedRecords() {
		byte[] broken = { 0x0a, 0x05, 'x' };
		assertInvalid(new RecordWriter(16).present(15, broken).toBytes(), "TaskMessage header", TaskMessage::decode);
		assertInvalid(new RecordWriter(16).present(5, broken).toBytes(), "ServerInfo queue", ServerInfo::decode);
		assertInvalid(new RecordWriter(16).present(8, broken).toBytes(), "WorkerInfo", WorkerInfo::decode);
	}

	@Test
	void refusesTimesOutOfRange() {
		byte[] time = new RecordWriter(16).number(1, Long.MAX_VALUE).toBytes();
		assertInvalid(new RecordWriter(16).present(8, time).toBytes(), "ServerInfo", ServerInfo::decode);
	}

	@Test
	void refusesStrayGroupEnds() {
		assertInvalid(new byte[] { 0x0c }, "TaskMessage", TaskMessage::decode);
		assertInvalid(new byte[] { (byte) 0x9c, 0x01 }, "TaskMessage", TaskMessage::decode);
	}

	@Test
	void refusesDeeplyNestedGroups() {
		byte[] groups = new byte[100_000];
		for (int i = 0; i < groups.length; i += 2) {
			groups[i] = (byte) 0x9b;
			groups[i + 1] = 0x01;
		}
		assertInvalid(groups, "TaskMessage", TaskMessage::decode);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"email\"}", "not a record", "\0", "\377\377", "<msg/>" })
	void refusesGarbage(String garbage) {
		byte[] bytes = garbage.getBytes(StandardCharsets.ISO_8859_1);
		assertInvalid(bytes, "TaskMessage", TaskMessage::decode);
		assertInvalid(bytes, "ServerInfo", ServerInfo::decode);
		assertInvalid(bytes, "WorkerInfo", WorkerInfo::decode);
	}

	@Test
	void randomBytesNeverFailInAnotherWay() {
		Random random = new Random(42);
		for (int i = 0; i < 5_000; i++) {
			byte[] bytes = new byte[random.nextInt(64)];
			random.nextBytes(bytes);
			assertDecodesOrRefuses(bytes);
		}
	}

	@Test
	void damagedRecordsNeverFailInAnotherWay() {
		Random random = new Random(43);
		for (int i = 0; i < 5_000; i++) {
			byte[] bytes = message(random).encode();
			bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
			assertDecodesOrRefuses(bytes);
		}
	}

	@Test
	void randomMessagesSurvive() {
		Random random = new Random(44);
		for (int i = 0; i < 1_000; i++) {
			TaskMessage message = message(random);
			byte[] bytes = message.encode();
			TaskMessage decoded = TaskMessage.decode(bytes);
			assertThat(decoded).usingRecursiveComparison().isEqualTo(message);
			assertThat(decoded.encode()).isEqualTo(bytes);
		}
	}

	@Test
	void randomServersAndWorkersSurvive() {
		Random random = new Random(45);
		for (int i = 0; i < 1_000; i++) {
			Map<String, Integer> queues = new LinkedHashMap<>();
			for (int queue = random.nextInt(4); queue > 0; queue--) {
				queues.put(text(random), random.nextInt());
			}
			ServerInfo server = new ServerInfo(text(random), random.nextInt(), text(random), random.nextInt(), queues,
					random.nextBoolean(), text(random), time(random), random.nextInt());
			assertThat(ServerInfo.decode(server.encode())).isEqualTo(server);

			WorkerInfo worker = new WorkerInfo(text(random), random.nextInt(), text(random), text(random), text(random),
					payload(random), text(random), time(random), time(random));
			assertThat(WorkerInfo.decode(worker.encode())).usingRecursiveComparison().isEqualTo(worker);
		}
	}

	@Test
	void writesGosNever() {
		WorkerInfo worker = new WorkerInfo("", 0, "", "", "", new byte[0], "", NEVER, NEVER);
		assertThat(worker.encode()).containsSubsequence(0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff,
				0x01);
		assertThat(WorkerInfo.decode(worker.encode()).deadline()).isEqualTo(NEVER);
	}

	@Test
	void aFailureCountsOnlyWhereItShould() {
		TaskMessage message = message(new Random(46));
		TaskMessage failed = message.failed("boom", 1700000000);
		assertThat(failed.retried()).isEqualTo(message.retried() + 1);
		assertThat(failed.errorMsg()).isEqualTo("boom");
		assertThat(failed.lastFailedAt()).isEqualTo(1700000000);
		assertThat(message.failedUncounted("boom", 1700000000)).usingRecursiveComparison()
			.ignoringFields("retried")
			.isEqualTo(failed);
		assertThat(message.failedUncounted("boom", 1700000000).retried()).isEqualTo(message.retried());
		assertThat(message.completed(1700000100)).usingRecursiveComparison()
			.ignoringFields("completedAt")
			.isEqualTo(message);
		assertThat(message.completed(1700000100).completedAt()).isEqualTo(1700000100);
	}

	private static void assertInvalid(byte[] bytes, String record, Function<byte[], Object> decode) {
		assertThatIllegalArgumentException().isThrownBy(() -> decode.apply(bytes))
			.withMessageStartingWith("not a valid " + record + " record: ");
	}

	private static void assertDecodesOrRefuses(byte[] bytes) {
		try {
			TaskMessage message = TaskMessage.decode(bytes);
			byte[] encoded = message.encode();
			assertThat(Arrays.equals(TaskMessage.decode(encoded).encode(), encoded)).isTrue();
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageStartingWith("not a valid TaskMessage");
		}
	}

	private static TaskMessage message(Random random) {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int header = random.nextInt(4); header > 0; header--) {
			headers.put(text(random), text(random));
		}
		return new TaskMessage("t" + text(random), payload(random), text(random), text(random), random.nextInt(),
				random.nextInt(), text(random), number(random), number(random), text(random), number(random),
				number(random), number(random), text(random), headers);
	}

	private static long number(Random random) {
		return random.nextLong() >> random.nextInt(64);
	}

	private static Instant time(Random random) {
		return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
	}

	private static byte[] payload(Random random) {
		byte[] payload = new byte[random.nextInt(10) * random.nextInt(40)];
		random.nextBytes(payload);
		return payload;
	}

	private static String text(Random random) {
		return random.ints(random.nextInt(20), 0, 0x11000)
			.filter((character) -> character < 0xd800 || character > 0xdfff)
			.mapToObj(Character::toString)
			.collect(Collectors.joining());
	}

	private static byte[] joined(byte[]... parts) {
		byte[] joined = {};
		for (byte[] part : parts) {
			int length = joined.length;
			joined = Arrays.copyOf(joined, length + part.length);
			System.arraycopy(part, 0, joined, length, part.length);
		}
		return joined;
	}

}
