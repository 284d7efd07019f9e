package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

import io.taskqueue.CronTaskNotFoundException;
import io.taskqueue.InvalidCronExpressionException;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import io.taskqueue.TaskConflictException;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What one scheduler fires, by the policies of its cron tasks.
 */
@Timeout(60)
@ParameterizedClass
@MethodSource("io.taskqueue.testing.Storage#usual")
class CronPolicyTest {

	private static final long START = Instant.parse("2026-03-02T10:00:00Z").getEpochSecond();

	@Parameter
	Storage storage;

	private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(START));

	private Jedis jedis;

	private CronNode node;

	@BeforeEach
	void start() {
		this.storage.redis().flushAll();
		this.jedis = this.storage.redis().jedis();
		this.node = new CronNode(this.storage.factory(), "app", this.clock);
	}

	@AfterEach
	void stop() {
		this.node.close();
		this.jedis.close();
	}

	private static CronTaskDefinition everyTenSeconds() {
		return CronTaskDefinition.of("job", "job.run", "@every 10s").withOverlap(OverlapPolicy.ALLOW);
	}

	private void run(long second) {
		this.clock.set(Instant.ofEpochSecond(START + second));
		this.node.run();
	}

	/** Returns the seconds of the occurrences that wait, in their order. */
	private List<Long> fired() {
		return this.jedis.lrange("asynq:{default}:pending", 0, -1)
			.stream()
			.map((id) -> Long.parseLong(id.substring(id.indexOf('@') + 1)) - START)
			.sorted()
			.toList();
	}

	/** Ends a running or waiting occurrence as a worker would. */
	private void end(long second) {
		String id = "job@" + (START + second);
		this.jedis.lrem("asynq:{default}:pending", 1, id);
		this.jedis.del("asynq:{default}:t:" + id);
	}

	private static Long[] every(long from, long to, long step) {
		return LongStream.iterate(from, (tick) -> tick <= to, (tick) -> tick + step).boxed().toArray(Long[]::new);
	}

	@Test
	void firesEachTickOnce() {
		this.node.registry.register(everyTenSeconds().withPayload(List.of(1)).withRetry(3));
		for (int second = 0; second <= 35; second += 5) {
			run(second);
			run(second);
		}
		assertThat(fired()).containsExactly(10L, 20L, 30L);
		assertThat(this.node.events).startsWith("taken", "fired job@" + (START + 10));
		assertThat(this.node.registry.history("job", 2)).extracting(CronOccurrence::taskId)
			.containsExactly("job@" + (START + 30), "job@" + (START + 20));
		assertThat(this.node.registry.find("job").orElseThrow().next()).isEqualTo(Instant.ofEpochSecond(START + 40));
		assertThat(this.jedis.zrange("asynq:schedulers", 0, -1)).hasSize(1);
	}

	@Test
	void fireOnceMakesUpForAGapWithTheLatestTick() {
		this.node.registry.register(everyTenSeconds());
		run(10);
		run(3615);
		assertThat(fired()).containsExactly(10L, 3610L);
		assertThat(this.node.events).contains("missed job");
	}

	@Test
	void skipLeavesOutWhatIsLate() {
		this.node.registry.register(everyTenSeconds().withMisfire(MisfirePolicy.SKIP));
		run(10);
		run(3615);
		assertThat(fired()).containsExactly(10L, 3560L, 3570L, 3580L, 3590L, 3600L, 3610L);
		this.node.registry
			.register(CronTaskDefinition.of("daily", "daily", "@every 24h").withMisfire(MisfirePolicy.SKIP));
		run(3615 + 86_400 + 100);
		assertThat(this.jedis.lrange("asynq:{default}:pending", 0, -1)).noneMatch((id) -> id.startsWith("daily"));
		run(3615 + 2 * 86_400);
		assertThat(this.jedis.lrange("asynq:{default}:pending", 0, -1)).filteredOn((id) -> id.startsWith("daily"))
			.hasSize(1);
	}

	@Test
	void fireAllMakesUpForEachTick() {
		this.node.registry.register(everyTenSeconds().withMisfire(MisfirePolicy.FIRE_ALL));
		run(10);
		run(3615);
		assertThat(fired()).containsExactly(every(10, 3610, 10));
		assertThat(this.node.events).doesNotContain("missed job");
	}

	@Test
	void fireAllIsBounded() {
		this.node.registry.register(everyTenSeconds().withMisfire(MisfirePolicy.FIRE_ALL));
		run(50_000);
		assertThat(fired()).containsExactly(every(40_010, 50_000, 10));
		assertThat(this.node.events).contains("missed job");
	}

	@Test
	void shortDelaysAreNoMisfires() {
		this.node.registry.register(everyTenSeconds());
		run(60);
		assertThat(fired()).containsExactly(every(10, 60, 10));
	}

	@Test
	void overlapSkipLeavesOutTicksWhileThePreviousOccurrenceIsNotDone() {
		this.node.registry.register(everyTenSeconds().withOverlap(OverlapPolicy.SKIP));
		run(10);
		run(20);
		assertThat(fired()).containsExactly(10L);
		assertThat(this.node.events).contains("overlapped job@" + (START + 20));
		end(10);
		run(25);
		assertThat(fired()).isEmpty();
		run(30);
		assertThat(fired()).containsExactly(30L);
	}

	@Test
	void overlapQueueLetsOneTickWait() {
		this.node.registry.register(everyTenSeconds().withOverlap(OverlapPolicy.QUEUE));
		run(10);
		run(20);
		run(30);
		assertThat(fired()).containsExactly(10L);
		end(10);
		run(31);
		assertThat(fired()).containsExactly(20L);
		end(20);
		run(35);
		assertThat(fired()).isEmpty();
		run(40);
		assertThat(fired()).containsExactly(40L);
	}

	@Test
	void aWaitingTickSurvivesTheLeader() {
		this.node.registry.register(everyTenSeconds().withOverlap(OverlapPolicy.QUEUE));
		run(10);
		run(20);
		this.jedis.del("taskqueue:app:{cron}:leader");
		try (CronNode next = new CronNode(this.storage.factory(), "app", this.clock)) {
			end(10);
			next.run();
			assertThat(fired()).containsExactly(20L);
		}
	}

	@Test
	void overlapAllowFiresBesidePreviousOccurrences() {
		this.node.registry.register(everyTenSeconds());
		run(10);
		run(20);
		assertThat(fired()).containsExactly(10L, 20L);
	}

	@Test
	void anArchivedOccurrenceStopsNothing() {
		this.node.registry.register(everyTenSeconds().withOverlap(OverlapPolicy.SKIP));
		run(10);
		this.jedis.hset("asynq:{default}:t:job@" + (START + 10), "state", "archived");
		run(20);
		assertThat(fired()).contains(20L);
	}

	@Test
	void jitterDelaysOccurrences() {
		this.node.registry.register(everyTenSeconds().withJitter(Duration.ofSeconds(8)));
		run(10);
		run(20);
		List<Double> due = this.jedis.zrangeWithScores("asynq:{default}:scheduled", 0, -1)
			.stream()
			.map((tuple) -> tuple.getScore() - START)
			.toList();
		assertThat(due.size() + fired().size()).isEqualTo(2);
		assertThat(due).allMatch((second) -> second >= 10 && second <= 28);
	}

	@Test
	void unchangedRegistrationChangesNothing() {
		CronTaskDefinition definition = everyTenSeconds().withPayload("a");
		this.node.registry.register(definition);
		String before = this.jedis.hget("taskqueue:app:{cron}:tasks", "job");
		run(5);
		this.node.registry.register(definition);
		assertThat(this.jedis.hget("taskqueue:app:{cron}:tasks", "job")).isEqualTo(before);
		run(10);
		assertThat(fired()).containsExactly(10L);
	}

	@Test
	void aChangeTouchesOnlyTheFuture() {
		this.node.registry.register(everyTenSeconds());
		run(0);
		this.clock.set(Instant.ofEpochSecond(START + 12));
		this.node.registry
			.register(CronTaskDefinition.of("job", "job.run", "@every 7s").withOverlap(OverlapPolicy.ALLOW));
		run(27);
		assertThat(fired()).containsExactly(10L, 19L, 26L);
	}

	@Test
	void anOverrideSurvivesUntilTheDefinitionChanges() {
		this.node.registry.register(everyTenSeconds());
		assertThat(this.node.registry.updateExpression("job", "@every 7s").overridden()).isTrue();
		assertThat(this.node.registry.register(everyTenSeconds().withRetry(1)).expressions())
			.containsExactly("@every 7s");
		assertThat(this.node.registry.restoreExpression("job").expressions()).containsExactly("@every 10s");
		this.node.registry.updateExpression("job", "@every 7s");
		CronTaskDefinition changed = CronTaskDefinition.of("job", "job.run", "@every 20s");
		assertThat(this.node.registry.register(changed)).returns(false, CronTaskInfo::overridden);
	}

	@Test
	void disabledTicksAreNotMadeUpFor() {
		this.node.registry.register(everyTenSeconds().withMisfire(MisfirePolicy.FIRE_ALL));
		run(10);
		this.node.registry.disable("job");
		run(25);
		this.node.registry.enable("job");
		assertThat(this.node.registry.register(everyTenSeconds()).enabled()).isTrue();
		run(30);
		assertThat(fired()).containsExactly(10L, 30L);
		this.node.registry.disable("job");
		assertThat(this.node.registry.register(everyTenSeconds().withRetry(2)).enabled()).isFalse();
	}

	@Test
	void triggersAtOnce() {
		this.node.registry.register(everyTenSeconds().withOverlap(OverlapPolicy.SKIP));
		String id = this.node.registry.triggerNow("job");
		assertThat(id).startsWith("job@" + START + "-");
		assertThatExceptionOfType(TaskConflictException.class).isThrownBy(() -> this.node.registry.triggerNow("job"))
			.withMessageContaining(id);
		assertThat(this.node.registry.history("job", 10)).extracting(CronOccurrence::taskId).containsExactly(id);
	}

	@Test
	void removedTasksLeaveNothing() {
		this.node.registry.register(everyTenSeconds());
		run(10);
		assertThat(this.node.registry.remove("job")).isTrue();
		assertThat(this.node.registry.remove("job")).isFalse();
		assertThat(this.node.registry.list()).isEmpty();
		this.clock.advance(Duration.ofMinutes(11));
		this.node.scheduler.stop();
		this.jedis.del("taskqueue:app:{cron}:leader");
		try (CronNode next = new CronNode(this.storage.factory(), "app", this.clock)) {
			next.run();
		}
		assertThat(this.jedis.exists("taskqueue:app:{cron}:tasks")).isFalse();
		assertThat(this.jedis.hkeys("asynq:{default}:tq:cron:app")).containsExactly("*");
	}

	@Test
	void completesAChangeThatWasCutOff() {
		this.node.registry.register(everyTenSeconds());
		run(5);
		// The first step of a change, whose author died
		this.node.storage.occurrences().close("default", "job", 1);
		run(10);
		assertThat(fired()).containsExactly(10L);
	}

	@Test
	void firesOnAfterRedisHasLostEverything() {
		this.node.registry.register(everyTenSeconds());
		run(10);
		this.jedis.del("taskqueue:app:{cron}:revision", "taskqueue:app:{cron}:epoch", "taskqueue:app:{cron}:leader",
				"taskqueue:app:{cron}:tasks", "taskqueue:app:{cron}:changes");
		this.jedis.hset("asynq:{default}:tq:cron:app", "*", "100");
		try (CronNode next = new CronNode(
				this.storage.factory(), "app", this.clock, new CronOptions(java.time.ZoneOffset.UTC,
						DstPolicy.standard(), Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60)),
				CronSources.NONE)) {
			next.registry.register(everyTenSeconds());
			this.clock.set(Instant.ofEpochSecond(START + 20));
			org.awaitility.Awaitility.await().untilAsserted(() -> {
				next.run();
				assertThat(fired()).containsExactly(10L, 20L);
			});
		}
	}

	@Test
	void refusesBadInput() {
		assertThatExceptionOfType(InvalidCronExpressionException.class)
			.isThrownBy(() -> CronTaskDefinition.of("job", "job", "61 * * * *"));
		assertThatExceptionOfType(InvalidCronExpressionException.class)
			.isThrownBy(() -> CronTaskDefinition.of("job", "job", "0 0 31 2 *"));
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> everyTenSeconds().withRetry(-1))
			.withMessage("cron task 'job': retry must not be negative, was -1");
		assertThatExceptionOfType(InvalidTaskException.class)
			.isThrownBy(() -> CronTaskDefinition.of("a b", "job", "@daily"));
		assertThatExceptionOfType(CronTaskNotFoundException.class).isThrownBy(() -> this.node.registry.enable("none"));
		this.node.registry.register(everyTenSeconds());
		assertThatExceptionOfType(InvalidCronExpressionException.class)
			.isThrownBy(() -> this.node.registry.updateExpression("job", "never"));
	}

}
