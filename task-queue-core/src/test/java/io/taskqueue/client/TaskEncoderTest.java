package io.taskqueue.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

import io.taskqueue.InvalidTaskException;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TaskEncoderTest {

	private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.5Z");

	private TaskOptions typeDefaults = TaskOptions.unset();

	private final TaskEncoder encoder = new TaskEncoder(new TextCodec(), (type) -> this.typeDefaults,
			new ClientOptions(Duration.ofSeconds(2), "default", 10, Duration.ofMinutes(30), Duration.ZERO, 100, 20, 64,
					1000),
			Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void refusesTypes() {
		refuses(TaskRequest.of(" ", null), "type must not be blank, was \" \"");
		refuses(TaskRequest.of(null, null), "type must not be blank, was null");
		refuses(TaskRequest.of("a\nb", null), "type must not contain control characters, was \"a?b\" (at index 1)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a/b", "{a}", "ä", "a)" })
	void refusesQueues(String queue) {
		refuses((options) -> options.withQueue(queue), "queue must match [A-Za-z0-9._:-]+, was \"" + queue + '"');
	}

	@Test
	void refusesOptions() {
		refuses((options) -> options.withId("  "), "id must not be blank, was \"  \"");
		refuses((options) -> options.withRetry(-1), "retry must not be negative, was -1");
		refuses((options) -> options.withTimeout(Duration.ofMillis(-1)), "timeout must not be negative, was PT-0.001S");
		refuses((options) -> options.withTimeout(Duration.ofSeconds(Long.MAX_VALUE)),
				"timeout must be at most PT876000H, was PT2562047788015215H30M7S");
		refuses((options) -> options.withRetention(Duration.ofSeconds(-1)),
				"retention must not be negative, was PT-1S");
		refuses((options) -> options.withDeadline(Instant.EPOCH),
				"deadline must be after 1970-01-01T00:00:00Z, was 1970-01-01T00:00:00Z");
	}

	@Test
	void refusesTimes() {
		refuses((options) -> options.withAt(NOW).withIn(Duration.ofSeconds(1)),
				"at and in must not be given together, were 2030-01-01T00:00:00.500Z and PT1S");
		refuses((options) -> options.withIn(Duration.ofDays(36_501)), "in must be at most PT876000H, was PT876024H");
		refuses((options) -> options.withAt(Instant.MAX),
				"at must be at most 9999-12-31T23:59:59Z, was +1000000000-12-31T23:59:59.999999999Z");
	}

	@Test
	void refusesLocks() {
		refuses((options) -> options.withUnique(Duration.ofMillis(999)), "unique must be at least PT1S, was PT0.999S");
		refuses((options) -> options.withUniqueKey("k"), "uniqueKey must come with unique, was \"k\" alone");
	}

	@Test
	void refusesHeaders() {
		refuses((options) -> options.withHeader(" ", "v"), "header name must not be blank, was \" \"");
		refuses((options) -> options.withHeader("name", "12345678").withHeader("n", "éééé"),
				"headers must be at most 20 bytes in all, were 21");
	}

	@Test
	void refusesPayloads() {
		refuses(TaskRequest.of("t", "x".repeat(101)), "payload of type \"t\" must be at most 100 bytes, was 101");
		Object broken = new Object() {
			@Override
			public String toString() {
				throw new InvalidTaskException("no field named x");
			}
		};
		refuses(TaskRequest.of("t", broken), "payload of type \"t\" cannot be written: no field named x");
	}

	@Test
	@Scenario(14)
	void fillsInDefaults() {
		EncodedTask task = this.encoder.encode(TaskRequest.of("t", null));
		TaskMessage message = TaskMessage.decode(task.command().message());
		assertThat(message.queue()).isEqualTo("default");
		assertThat(message.retry()).isEqualTo(10);
		assertThat(message.timeout()).isEqualTo(1800);
		assertThat(message.deadline()).isZero();
		assertThat(message.retention()).isZero();
		assertThat(message.payload()).isEmpty();
		assertThat(message.id()).isEqualTo(task.command().id());
		assertThat(task.command().processAt()).isNull();
		assertThat(task.command().uniqueKey()).isEmpty();
		assertThat(task.command().onConflict()).isEqualTo(OnConflict.FAIL);
	}

	@Test
	void callWinsOverTypeWinsOverClient() {
		this.typeDefaults = TaskOptions.unset().withRetry(3).withQueue("low").withIn(Duration.ofHours(1));
		EncodedTask task = encode((options) -> options.withQueue("high").withAt(NOW.plusSeconds(1)));
		assertThat(task.queue()).isEqualTo("high");
		assertThat(task.message().retry()).isEqualTo(3);
		assertThat(task.message().timeout()).isEqualTo(1800);
		assertThat(task.command().processAt()).isEqualTo(NOW.plusSeconds(1));
	}

	@Test
	void roundsDurationsUpToSeconds() {
		TaskMessage message = encode((options) -> options.withTimeout(Duration.ofMillis(500))
			.withRetention(Duration.ofMillis(1001))
			.withDeadline(NOW)).message();
		assertThat(message.timeout()).isEqualTo(1);
		assertThat(message.retention()).isEqualTo(2);
		assertThat(message.deadline()).isEqualTo(NOW.getEpochSecond());
		assertThat(encode((options) -> options.withTimeout(Duration.ZERO)).message().timeout()).isZero();
		assertThat(encode((options) -> options.withDeadline(NOW)).message().timeout()).isZero();
	}

	@Test
	void tellsTimesThatHavePassedFromTimesToCome() {
		assertThat(encode((options) -> options.withAt(NOW)).command().processAt()).isNull();
		assertThat(encode((options) -> options.withAt(Instant.MIN)).command().processAt()).isNull();
		assertThat(encode((options) -> options.withIn(Duration.ofSeconds(Long.MIN_VALUE))).command().processAt())
			.isNull();
		assertThat(encode((options) -> options.withAt(NOW.plusNanos(1))).command().processAt())
			.isEqualTo(NOW.plusMillis(1));
	}

	@Test
	void namesLocksAsAsynqDoes() {
		UnaryOperator<TaskOptions> unique = (options) -> options.withUnique(Duration.ofMillis(1999));
		assertThat(this.encoder.encode(TaskRequest.of("email:send", "{\"user_id\":42}").with(unique)).command())
			.satisfies((command) -> {
				assertThat(command.uniqueKey())
					.isEqualTo("asynq:{default}:unique:email:send:1181f89307fa271072c095747d5813cc");
				assertThat(command.uniqueSeconds()).isEqualTo(1);
				assertThat(TaskMessage.decode(command.message()).uniqueKey()).isEqualTo(command.uniqueKey());
			});
		assertThat(this.encoder.encode(TaskRequest.of("t", null).with(unique)).command().uniqueKey())
			.isEqualTo("asynq:{default}:unique:t:");
		assertThat(this.encoder.encode(TaskRequest.of("t", "").with(unique)).command().uniqueKey())
			.isEqualTo("asynq:{default}:unique:t:d41d8cd98f00b204e9800998ecf8427e");
		assertThat(encode((options) -> unique.apply(options).withQueue("q").withUniqueKey("p")).command().uniqueKey())
			.isEqualTo("asynq:{q}:unique:t:83878c91171338902e0fe0fb97a8c47a");
	}

	@Test
	void locksLastBeyondTheTimeOfAScheduledTask() {
		assertThat(encode((options) -> options.withUnique(Duration.ofSeconds(60)).withIn(Duration.ofMillis(30_500)))
			.command()
			.uniqueSeconds()).isEqualTo(90);
		assertThat(encode((options) -> options.withUnique(Duration.ofSeconds(1)).withIn(Duration.ofNanos(1))).command()
			.uniqueSeconds()).isEqualTo(1);
	}

	@Test
	void makesRandomVersion4Ids() {
		TaskIds ids = new TaskIds();
		Set<String> seen = new HashSet<>();
		for (int count = 0; count < 10_000; count++) {
			UUID id = UUID.fromString(ids.next());
			assertThat(id.version()).isEqualTo(4);
			assertThat(id.variant()).isEqualTo(2);
			assertThat(seen.add(id.toString())).isTrue();
		}
	}

	@Test
	void optionsCheckThemselves() {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new ClientOptions(Duration.ZERO, "q", 1, Duration.ofSeconds(1), Duration.ZERO, 1, 1, 1, 1))
			.withMessage("timeout must be positive and at most PT876000H, was PT0S");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ClientOptions(Duration.ofSeconds(1), "a b", 1, Duration.ofSeconds(1), Duration.ZERO,
					1, 1, 1, 1))
			.withMessage("queue must match [A-Za-z0-9._:-]+, was \"a b\"");
	}

	private EncodedTask encode(UnaryOperator<TaskOptions> change) {
		return this.encoder.encode(TaskRequest.of("t", "p").with(change));
	}

	private void refuses(UnaryOperator<TaskOptions> change, String message) {
		refuses(TaskRequest.of("t", null).with(change), message);
	}

	private void refuses(TaskRequest request, String message) {
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> this.encoder.encode(request))
			.withMessage(message);
	}

}
