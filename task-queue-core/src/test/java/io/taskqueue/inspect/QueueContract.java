package io.taskqueue.inspect;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Figures, history and groups of queues.
 */
abstract class QueueContract extends InspectorContract {

	QueueContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(61)
	void scenario61_figuresOfEveryState() {
		given(state().registered()
			.task(message("p1"), "pending", "pending_since", NOW_NS - 5_000_000_000L)
			.list("pending", "p2", "p1")
			.list("active", "a1")
			.zset("scheduled", "s1", 1, "s2", 2, "s3", 3)
			.zset("retry", "r1", 1, "r2", 2, "r3", 3, "r4", 4)
			.zset("archived", "x1", 1)
			.zset("completed", "c1", 1, "c2", 2)
			.set("groups", "g", "h")
			.zset("g:g", "g1", 1, "g2", 2)
			.zset("g:h", "h1", 1)
			.counters(7, 3)
			.text("processed", 100)
			.text("failed", 40));
		QueueInfo expected = new QueueInfo(this.queue, true, new Count(16, true), 2, 1, 3, 4, 1, 2, new Count(3, true),
				2, 7, 3, 100, 40, false, null, Duration.ofSeconds(5), List.of(), NOW);
		assertThat(this.inspector.queue(this.queue)).isEqualTo(expected);
		assertThat(this.inspector.queues()).containsExactly(expected);
		assertThat(this.inspector.queueNames()).containsExactly(this.queue);
	}

	@Test
	@Scenario(61)
	void scenario61_queueThatWasJustRegisteredIsEmpty() {
		given(state().registered());
		assertThat(this.inspector.queue(this.queue)).isEqualTo(new QueueInfo(this.queue, true, new Count(0, true), 0, 0,
				0, 0, 0, 0, new Count(0, true), 0, 0, 0, 0, 0, false, null, Duration.ZERO, List.of(), NOW));
	}

	@Test
	@Scenario(23)
	void scenario23_deletedQueueThatCameBackIsFoundByItsName() {
		given(state().list("pending", "p"));
		assertThat(this.inspector.queueNames()).isEmpty();
		assertThat(this.inspector.queues()).isEmpty();
		assertThat(this.inspector.queue(this.queue).registered()).isFalse();
		assertThat(this.inspector.queue(this.queue).pending()).isOne();
		assertThat(this.inspector.history(this.queue, 1)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "completed", "paused", "aggregation_sets", "failed" })
	void whatAsynqLeavesBehindOfADeletedQueueMakesItAQueue(String name) {
		given(state());
		spoil(name);
		assertThat(this.inspector.queue(this.queue).registered()).isFalse();
	}

	@Test
	void queueThatDoesNotExistIsNamed() {
		given(state().registered());
		for (String name : List.of("nowhere", this.queue.toUpperCase(Locale.ROOT))) {
			assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> this.inspector.queue(name))
				.withMessageContaining("'" + name + "'")
				.satisfies((ex) -> assertThat(ex.queue()).isEqualTo(name));
			assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> this.inspector.history(name, 1));
			assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> this.inspector.memoryUsage(name));
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> this.inspector.groups(name, Paging.first()));
		}
	}

	@Test
	void manyQueuesAreInTheOrderOfTheirNames() {
		given(state());
		List<String> names = new ArrayList<>();
		try (Jedis jedis = jedis()) {
			for (int i = 100; i < 220; i++) {
				String name = this.queue + "-" + i;
				names.add(name);
				jedis.sadd("asynq:queues", name);
				jedis.set("asynq:{" + name + "}:processed", String.valueOf(i));
			}
		}
		List<QueueInfo> queues = this.inspector.queues();
		assertThat(queues).extracting(QueueInfo::queue).isEqualTo(names);
		assertThat(queues).extracting(QueueInfo::processed).isEqualTo(LongStream.range(100, 220).boxed().toList());
	}

	@Test
	@Scenario(61)
	void scenario61_latencyIsThatOfTheTaskThatRunsNext() {
		given(state().registered()
			.task(message("new"), "pending", "pending_since", NOW_NS - 1_000_000)
			.task(message("old"), "pending", "pending_since", NOW_NS - 90_000_000_001L)
			.list("pending", "new", "old"));
		assertThat(this.inspector.queue(this.queue).latency()).isEqualTo(Duration.ofNanos(90_000_000_001L));
	}

	@Test
	@Scenario(61)
	void scenario61_latencyIsZeroWhereNobodyHasNotedIt() {
		given(state().registered()
			.task(message("waits"), "pending", "pending_since", NOW_NS - 1_000_000)
			.task(message("requeued"), "pending")
			.list("pending", "waits", "requeued"));
		assertThat(this.inspector.queue(this.queue).latency()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "3000000000000000000", "", "-1", "text", "99999999999999999999999" })
	void latencyIsZeroWhereItMakesNoSense(String since) {
		given(state().registered().task(message("a"), "pending", "pending_since", since).list("pending", "a"));
		assertThat(this.inspector.queue(this.queue).latency()).isZero();
	}

	@Test
	@Scenario(61)
	void scenario61_todayEndsAtMidnightUtc() {
		given(state().registered().text("processed:2035-06-15", 5).text("failed:2035-06-15", 2));
		this.clock.set(Instant.parse("2035-06-15T23:59:59.999Z"));
		assertThat(this.inspector.queue(this.queue).processedToday()).isEqualTo(5);
		assertThat(this.inspector.queue(this.queue).failedToday()).isEqualTo(2);
		this.clock.set(Instant.parse("2035-06-16T00:00:00Z"));
		assertThat(this.inspector.queue(this.queue).processedToday()).isZero();
		assertThat(this.inspector.queue(this.queue).failedToday()).isZero();
	}

	@Test
	@Scenario(61)
	void scenario61_historyBeginsWithTheNewestDay() {
		given(state().registered()
			.text("processed:2035-06-15", 5)
			.text("failed:2035-06-15", 2)
			.text("processed:2035-06-13", 9)
			.text("failed:2035-06-12", "text")
			.list("processed:2035-06-12", "left"));
		assertThat(this.inspector.history(this.queue, 4)).containsExactly(
				new DailyStatistics(LocalDate.parse("2035-06-15"), 5, 2),
				new DailyStatistics(LocalDate.parse("2035-06-14"), 0, 0),
				new DailyStatistics(LocalDate.parse("2035-06-13"), 9, 0),
				new DailyStatistics(LocalDate.parse("2035-06-12"), 0, 0));
		assertThat(this.inspector.history(this.queue, 90)).hasSize(90);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 91 })
	void historyIsOfOneToNinetyDays(int days) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.inspector.history(this.queue, days))
			.withMessageContaining("1 to 90: " + days);
	}

	@Test
	void pausedQueueSaysSinceWhen() {
		given(state().registered().text("paused", NOW_S - 60));
		assertThat(this.inspector.queue(this.queue).paused()).isTrue();
		assertThat(this.inspector.queue(this.queue).pausedSince()).isEqualTo(second(-60));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "text", "nan" })
	void queueIsPausedWhateverTheFlagHolds(String flag) {
		given(state().registered().text("paused", flag));
		assertThat(this.inspector.queue(this.queue).paused()).isTrue();
		assertThat(this.inspector.queue(this.queue).pausedSince()).isNull();
		given(state().registered().list("paused", "left"));
		assertThat(this.inspector.queue(this.queue).paused()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "active", "scheduled", "retry", "archived", "completed", "groups", "processed",
			"failed", "processed:2035-06-15" })
	void whatDoesNotBelongThereIsReportedBesideTheOtherFigures(String name) {
		given(state().registered().list("pending", "p").zset("scheduled", "s", 1).text("processed", 4).counters(2, 1));
		spoil(name);
		QueueInfo info = this.inspector.queue(this.queue);
		assertThat(info.problems()).singleElement().asString().contains(this.prefix + name, "which does not belong");
		assertThat(info.pending()).isEqualTo(name.equals("pending") ? 0 : 1);
		assertThat(info.scheduled()).isEqualTo(name.equals("scheduled") ? 0 : 1);
		assertThat(info.processed()).isEqualTo(name.equals("processed") ? 0 : 2);
		this.inspector.memoryUsage(this.queue);
	}

	@Test
	void aHundredGroupsAreCounted() {
		groups(100, 2);
		QueueInfo info = this.inspector.queue(this.queue);
		assertThat(info.groups()).isEqualTo(100);
		assertThat(info.aggregating()).isEqualTo(new Count(200, true)).hasToString("200");
		assertThat(info.size()).isEqualTo(new Count(200, true));
	}

	@Test
	void moreGroupsAreEstimated() {
		groups(1000, 3);
		QueueInfo info = this.inspector.queue(this.queue);
		assertThat(info.groups()).isEqualTo(1000);
		assertThat(info.aggregating()).isEqualTo(new Count(3000, false)).hasToString("~3000");
		assertThat(info.size()).isEqualTo(new Count(3000, false));
	}

	@Test
	void everyGroupIsOnAPage() {
		groups(1000, 3);
		List<GroupInfo> all = new ArrayList<>();
		for (Paging page = Paging.first(50); page != null;) {
			Listing<GroupInfo> groups = this.inspector.groups(this.queue, page);
			assertThat(groups.total()).isEqualTo(1000);
			assertThat(groups.items()).hasSizeLessThan(200);
			all.addAll(groups.items());
			page = groups.next();
		}
		assertThat(all).doesNotHaveDuplicates().hasSize(1000).allMatch((group) -> group.size() == 3);
		assertThatIllegalArgumentException().isThrownBy(() -> this.inspector.groups(this.queue, Paging.page(2, 10)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.inspector.groups(this.queue, new Paging(10, 0, "1:a")))
			.withMessageContaining("'1:a'");
	}

	@Test
	void groupsThatHaveLostTheirTasksAreEmpty() {
		given(state().registered().set("groups", "gone", "spoilt", "there").zset("g:there", "a", 1));
		spoil("g:spoilt");
		assertThat(this.inspector.groups(this.queue, Paging.first()).items())
			.containsExactlyInAnyOrder(new GroupInfo("gone", 0), new GroupInfo("spoilt", 0), new GroupInfo("there", 1));
		assertThat(this.inspector.queue(this.queue).aggregating()).isEqualTo(new Count(1, true));
		spoil("groups");
		assertThat(this.inspector.groups(this.queue, Paging.first()).items()).isEmpty();
	}

	@Test
	void memoryIsThatOfTheTasks() {
		given(state().registered()
			.list("pending", "a", "ghost")
			.task(task("a").payload("x".repeat(100_000)).message(), "pending")
			.set("groups", "g")
			.zset("g:g", "b", 1)
			.task(task("b").payload("x".repeat(50_000)).message(), "aggregating", "group", "g"));
		// The ghost is taken for a task like the other
		assertThat(this.inspector.memoryUsage(this.queue)).isBetween(250_000L, 350_000L);
		given(state().registered());
		assertThat(this.inspector.memoryUsage(this.queue)).isZero();
	}

	private void groups(int count, int size) {
		given(state().registered());
		try (Jedis jedis = jedis()) {
			for (int i = 0; i < count; i++) {
				jedis.sadd(this.prefix + "groups", "g" + i);
				for (int k = 0; k < size; k++) {
					jedis.zadd(this.prefix + "g:g" + i, k, "t" + k);
				}
			}
		}
	}

}
