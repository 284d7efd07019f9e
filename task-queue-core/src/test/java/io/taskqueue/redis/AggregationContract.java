package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskState;
import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.broker.AggregationBroker.HandOver;
import io.taskqueue.broker.AggregationBroker.Member;
import io.taskqueue.broker.AggregationBroker.Page;
import io.taskqueue.broker.AggregationBroker.Rule;
import io.taskqueue.broker.AggregationBroker.TaskSet;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How tasks join aggregation groups and what becomes of the sets that are taken out of
 * them.
 */
abstract class AggregationContract extends StorageContract {

	private static final Rule PAIRS = new Rule("g", false, 2, Duration.ZERO, Duration.ofMinutes(1));

	private static final Rule GRACE = new Rule("g", false, 0, Duration.ZERO, Duration.ofMinutes(1));

	private static final Instant DEADLINE = Instant.ofEpochSecond(NOW_S + 120);

	AggregationContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(19)
	void scenario19_group() {
		assertThat(enqueue(grouped("a", null))).isEqualTo(new Answer(Enqueued.CREATED, TaskState.AGGREGATING));
		expect(group("a").registered());
	}

	@Test
	@Scenario(19)
	void scenario19_uniqueTaskOfAGroupHoldsItsLock() {
		TaskMessage message = task("a").group("g").unique(lockKey("x")).message();
		Command command = new Command("a", message.encode(), null, OnConflict.FAIL, lockKey("x"), 60, "g");
		assertThat(enqueue(command)).isEqualTo(new Answer(Enqueued.CREATED, TaskState.AGGREGATING));
		expect(state().registered()
			.set("groups", "g")
			.zset("g:g", "a", NOW_S)
			.task(message, "aggregating", "group", "g")
			.lock(lockKey("x"), "a", 60));
		unchanged(() -> assertThat(
				enqueue(new Command("b", message.withId("b").encode(), null, OnConflict.FAIL, lockKey("x"), 60, "g"))
					.outcome())
			.isEqualTo(Enqueued.DUPLICATE));
	}

	@Test
	@Scenario(21)
	void scenario21_groupAndFutureTime() {
		assertThat(enqueue(grouped("a", NOW.plusSeconds(5))))
			.isEqualTo(new Answer(Enqueued.CREATED, TaskState.SCHEDULED));
		expect(state().registered()
			.zset("scheduled", "a", NOW_S + 6)
			.zset("tq:due", "a", NOW_MS + 5001)
			.task(groupedMessage("a"), "scheduled", "group", "g"));
		this.clock.advance(Duration.ofSeconds(6));
		assertThat(upkeep().promote(this.queue, 10).moved()).isOne();
		expect(state().registered()
			.set("groups", "g")
			.zset("g:g", "a", NOW_S + 6)
			.task(groupedMessage("a"), "aggregating", "group", "g"));
	}

	@Test
	@Scenario(44)
	void scenario44_groupThatGoHasForwardedToIsFound() {
		given(state().zset("g:g", "a", NOW_S).task(groupedMessage("a"), "aggregating", "group", "g"));
		repairGroups();
		expect(group("a"));
		unchanged(this::repairGroups);
	}

	@Test
	void groupIsFoundAmongManyKeys() {
		StoredState given = state().zset("g:g", "a", NOW_S).task(groupedMessage("a"), "aggregating", "group", "g");
		StoredState expected = group("a");
		for (int i = 0; i < 5000; i++) {
			given.text("other" + i, i);
			expected.text("other" + i, i);
		}
		given(given);
		repairGroups();
		expect(expected);
	}

	@Test
	void onlyGroupsOfTheQueueAreFound() {
		try (Jedis jedis = jedis()) {
			jedis.zadd("asynq:{" + this.queue + "x}:g:g", (double) NOW_S, "a");
			jedis.zadd("asynq:{x" + this.queue + "}:g:g", (double) NOW_S, "a");
		}
		unchanged(this::repairGroups);
	}

	@Test
	void setsAreNoForgottenGroups() {
		given(set("a", "b"));
		unchanged(this::repairGroups);
	}

	@Test
	void setThatNobodyKnowsOfGoesBackToItsGroup() {
		given(set("a", "b").without("aggregation_sets"));
		repairGroups();
		expect(group("a", "b"));
	}

	@Test
	@Scenario(51)
	void scenario51_aggregationBySize() {
		given(group("a", "b", "c"));
		TaskSet set = takeOne(PAIRS);
		assertThat(set.group()).isEqualTo("g");
		assertThat(set.deadline()).isEqualTo(DEADLINE);
		expect(group("a", "b", "c").zset("g:g", "c", NOW_S + 2)
			.zset(name(set), "a", NOW_S, "b", NOW_S + 1)
			.zset("aggregation_sets", "asynq:{" + this.queue + "}:" + name(set), NOW_S + 120));
	}

	@Test
	@Scenario(51)
	void scenario51_exactlyEnoughEmptyTheGroup() {
		given(group("a", "b"));
		TaskSet set = takeOne(PAIRS);
		expect(set(set, "a", "b"));
	}

	@Test
	@Scenario(52)
	void scenario52_aggregationByDelay() {
		Rule rule = new Rule("g", false, 0, Duration.ofSeconds(90), Duration.ofMinutes(1));
		given(group("a", "b").zset("g:g", "a", NOW_S - 89, "b", NOW_S));
		unchanged(() -> assertThat(take(rule)).isEmpty());
		given(group("a", "b").zset("g:g", "a", NOW_S - 90, "b", NOW_S));
		TaskSet set = takeOne(rule);
		expect(set(set, "a", "b").zset(name(set), "a", NOW_S - 90, "b", NOW_S));
	}

	@Test
	@Scenario(52)
	void scenario52_aggregationByGrace() {
		given(group("a", "b").zset("g:g", "a", NOW_S - 3600, "b", NOW_S - 59));
		unchanged(() -> assertThat(take(GRACE)).isEmpty());
		given(group("a", "b").zset("g:g", "a", NOW_S - 3600, "b", NOW_S - 60));
		TaskSet set = takeOne(GRACE);
		expect(set(set, "a", "b").zset(name(set), "a", NOW_S - 3600, "b", NOW_S - 60));
	}

	@Test
	@Scenario(52)
	void scenario52_maxSizeLimitsOtherRulesToo() {
		given(group("a", "b", "c").zset("g:g", "a", NOW_S - 200, "b", NOW_S - 100, "c", NOW_S - 61));
		TaskSet set = takeOne(PAIRS);
		expect(group("a", "b", "c").zset("g:g", "c", NOW_S - 61)
			.zset(name(set), "a", NOW_S - 200, "b", NOW_S - 100)
			.zset("aggregation_sets", "asynq:{" + this.queue + "}:" + name(set), NOW_S + 120));
	}

	@Test
	void groupsThatNoRuleFitsAreLeftAlone() {
		given(group("a", "b"));
		unchanged(() -> assertThat(take(new Rule("gg", false, 1, Duration.ZERO, Duration.ofMinutes(1)),
				new Rule("h", true, 1, Duration.ZERO, Duration.ofMinutes(1))))
			.isEmpty());
	}

	@Test
	void firstRuleThatFitsCounts() {
		given(group("a", "b"));
		unchanged(() -> assertThat(take(GRACE, PAIRS)).isEmpty());
		assertThat(take(PAIRS, GRACE)).hasSize(1);
	}

	@Test
	void prefixFits() {
		given(group("a", "b"));
		assertThat(take(new Rule("", true, 2, Duration.ZERO, Duration.ofMinutes(1)))).hasSize(1);
	}

	@Test
	void keyOfAnotherTypeKeepsNoOtherGroupBack() {
		given(group("a", "b").set("groups", "g", "odd").text("g:odd", "no sorted set"));
		assertThat(take(new Rule("", true, 2, Duration.ZERO, Duration.ofMinutes(1)))).hasSize(1);
	}

	@Test
	void everyGroupIsLookedAtInPages() {
		StoredState given = state();
		String[] names = new String[1000];
		for (int i = 0; i < names.length; i++) {
			names[i] = "group" + i;
			given.zset("g:group" + i, "id" + i, NOW_S)
				.task(task("id" + i).group("group" + i).message(), "aggregating", "group", "group" + i);
		}
		given(given.set("groups", names));
		Rule rule = new Rule("group", true, 1, Duration.ZERO, Duration.ofMinutes(1));
		Set<String> taken = new HashSet<>();
		String cursor = AggregationBroker.BEGIN;
		int pages = 0;
		do {
			Page page = aggregation().take(this.queue, this.lane.next(), cursor, List.of(rule), 1000);
			assertThat(page.sets()).hasSizeLessThan(300);
			page.sets().forEach((set) -> assertThat(taken.add(set.group())).isTrue());
			cursor = page.next();
			pages++;
		}
		while (!cursor.equals(AggregationBroker.BEGIN));
		assertThat(taken).containsExactlyInAnyOrder(names);
		assertThat(pages).isGreaterThan(3);
	}

	@Test
	void noMoreSetsAreTakenThanAskedFor() {
		given(group("a", "b").set("groups", "g", "h")
			.zset("g:h", "c", NOW_S)
			.task(task("c").group("h").message(), "aggregating", "group", "h"));
		Rule rule = new Rule("", true, 1, Duration.ZERO, Duration.ofMinutes(1));
		assertThat(aggregation().take(this.queue, this.lane.next(), AggregationBroker.BEGIN, List.of(rule), 1).sets())
			.hasSize(1);
	}

	@Test
	void repeatedCallTakesTheSameSets() {
		given(group("a", "b", "c", "d"));
		BatchId batch = this.lane.next();
		Page first = aggregation().take(this.queue, batch, AggregationBroker.BEGIN, List.of(PAIRS), 3);
		assertThat(first.sets()).hasSize(1);
		this.clock.advance(Duration.ofSeconds(5));
		unchanged(() -> assertThat(aggregation().take(this.queue, batch, AggregationBroker.BEGIN, List.of(PAIRS), 3))
			.isEqualTo(first));
	}

	@Test
	void bigSetHoldsAllThatOneMayHold() {
		StoredState given = state().set("groups", "g");
		List<Object> members = new ArrayList<>();
		for (int i = 0; i < 10_001; i++) {
			members.addAll(List.of("id" + i, NOW_S - 20_000 + i));
			given.task(groupedMessage("id" + i), "aggregating", "group", "g");
		}
		given(given.zset("g:g", members.toArray()));
		this.clock.advance(Duration.ofHours(1));
		TaskSet set = takeOne(GRACE);
		List<Member> read = aggregation().read(set);
		assertThat(read).hasSize(10_000);
		assertThat(read.get(9_999).id()).isEqualTo("id9999");
		aggregation().giveBack(set);
		try (Jedis jedis = jedis()) {
			assertThat(jedis.zcard("asynq:{" + this.queue + "}:g:g")).isEqualTo(10_001);
			assertThat(jedis.exists("asynq:{" + this.queue + "}:aggregation_sets")).isFalse();
		}
		TaskSet again = takeOne(GRACE);
		assertThat(aggregation().handOver(again, this.lane.next(), 10_000, merged())).isEqualTo(HandOver.DONE);
		try (Jedis jedis = jedis()) {
			assertThat(jedis.keys("asynq:{" + this.queue + "}:t:*")).hasSize(2);
		}
	}

	@Test
	void membersAreReadInTheirOrder() {
		given(group("c", "a", "b"));
		TaskSet set = takeOne(new Rule("g", false, 3, Duration.ZERO, Duration.ofMinutes(1)));
		try (Jedis jedis = jedis()) {
			jedis.del("asynq:{" + this.queue + "}:t:a");
		}
		unchanged(() -> {
			List<Member> members = aggregation().read(set);
			assertThat(members).extracting(Member::id).containsExactly("c", "a", "b");
			assertThat(members.get(0).message()).isEqualTo(groupedMessage("c").encode());
			assertThat(members.get(1).message()).isEmpty();
		});
	}

	@Test
	@Scenario(53)
	void scenario53_aggregateHandOff() {
		TaskSet set = given(set(), "a", "b");
		assertThat(handOver(set, 2, merged())).isEqualTo(HandOver.DONE);
		expect(mergedPending());
	}

	@Test
	@Scenario(53)
	void scenario53_locksOfMembersAreKept() {
		TaskSet set = set();
		given(set(set, "a").lock(lockKey("x"), "a", 60)
			.task(task("a").group("g").unique(lockKey("x")).message(), "aggregating", "group", "g"));
		assertThat(handOver(set, 1, merged())).isEqualTo(HandOver.DONE);
		expect(mergedPending().lock(lockKey("x"), "a", 60));
	}

	@Test
	void mergedTaskMayBeScheduled() {
		TaskSet set = given(set(), "a");
		assertThat(
				handOver(set, 1, new Command("m", message("m").encode(), NOW.plusSeconds(5), OnConflict.FAIL, "", 0)))
			.isEqualTo(HandOver.DONE);
		expect(state().registered()
			.zset("scheduled", "m", NOW_S + 6)
			.zset("tq:due", "m", NOW_MS + 5001)
			.task(message("m"), "scheduled"));
	}

	@Test
	void mergedTaskMayJoinAnotherGroupAndBeUnique() {
		TaskSet set = given(set(), "a");
		TaskMessage message = task("m").group("h").unique(lockKey("x")).message();
		assertThat(handOver(set, 1, new Command("m", message.encode(), null, OnConflict.FAIL, lockKey("x"), 60, "h")))
			.isEqualTo(HandOver.DONE);
		expect(state().registered()
			.set("groups", "h")
			.zset("g:h", "m", NOW_S)
			.task(message, "aggregating", "group", "h")
			.lock(lockKey("x"), "m", 60));
	}

	@Test
	void repeatedHandOverIsAnsweredAsBefore() {
		TaskSet set = given(set(), "a", "b");
		BatchId batch = this.lane.next();
		for (int i = 0; i < 2; i++) {
			assertThat(aggregation().handOver(set, batch, 2, merged())).isEqualTo(HandOver.DONE);
			expect(mergedPending());
		}
	}

	@Test
	void setThatWasPutBackIsLost() {
		TaskSet set = set();
		given(group("a", "b").registered());
		unchanged(() -> {
			assertThat(handOver(set, 2, merged())).isEqualTo(HandOver.LOST);
			assertThat(aggregation().read(set)).isEmpty();
			aggregation().giveBack(set);
			assertThat(aggregation().putOff(set, Duration.ofSeconds(10), Duration.ofMinutes(10))).isNull();
			aggregation().reject(set, List.of(new Member("a", groupedMessage("a").encode())));
		});
	}

	@Test
	void setThatWasTakenAgainIsLostToWhoHadItFirst() {
		TaskSet first = set();
		given(set(first, "a", "b").registered());
		this.clock.set(DEADLINE);
		reclaim();
		TaskSet second = takeOne(GRACE);
		unchanged(() -> assertThat(handOver(first, 2, merged())).isEqualTo(HandOver.LOST));
		assertThat(handOver(second, 2, merged())).isEqualTo(HandOver.DONE);
	}

	@Test
	void setPastItsDeadlineIsHandedOverWhereNobodyPutItBack() {
		TaskSet set = given(set(), "a");
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(handOver(set, 1, merged())).isEqualTo(HandOver.DONE);
	}

	@Test
	void setOfOtherTasksIsNotHandedOver() {
		TaskSet set = set();
		given(set(set, "a", "b").registered());
		unchanged(() -> assertThat(handOver(set, 3, merged())).isEqualTo(HandOver.CHANGED));
	}

	@Test
	void replacedTaskLeavesTheSet() {
		TaskSet set = given(set(), "a", "b");
		assertThat(enqueue(new Command("a", message("a").encode(), null, OnConflict.REPLACE, "", 0)))
			.isEqualTo(new Answer(Enqueued.REPLACED, TaskState.PENDING));
		assertThat(handOver(set, 2, merged())).isEqualTo(HandOver.CHANGED);
		aggregation().giveBack(set);
		expect(group("b").zset("g:g", "b", NOW_S + 1)
			.registered()
			.list("pending", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void takenIdIsAConflict() {
		TaskSet set = set();
		given(set(set, "a").registered().zset("archived", "m", NOW_S).task(message("m"), "archived"));
		unchanged(() -> assertThat(handOver(set, 1, merged())).isEqualTo(HandOver.CONFLICT));
	}

	@Test
	void idOfACompletedTaskIsFree() {
		TaskSet set = set();
		given(set(set, "a").zset("completed", "m", NOW_S + 9).task(message("m"), "completed"));
		assertThat(handOver(set, 1, merged())).isEqualTo(HandOver.DONE);
		expect(mergedPending());
	}

	@Test
	void heldLockIsADuplicate() {
		TaskSet set = set();
		given(set(set, "a").registered().lock(lockKey("x"), "other", 60));
		unchanged(() -> assertThat(
				handOver(set, 1, new Command("m", message("m").encode(), null, OnConflict.FAIL, lockKey("x"), 60)))
			.isEqualTo(HandOver.DUPLICATE));
	}

	@Test
	void setWithoutTasksIsForgotten() {
		TaskSet set = set();
		given(set(set, "a").without("t:a"));
		assertThat(handOver(set, 1, null)).isEqualTo(HandOver.DONE);
		expect(state().registered());
	}

	@Test
	void idThatWasTakenAnewAfterTheQueueWasDeletedIsNoMember() {
		TaskSet set = set();
		given(set(set, "a").list("pending", "a").task(message("a"), "pending"));
		assertThat(handOver(set, 1, merged())).isEqualTo(HandOver.DONE);
		expect(mergedPending().list("pending", "m", "a").task(message("a"), "pending"));
	}

	@Test
	void rejectedTaskIsArchived() {
		TaskSet set = given(set(), "a", "b");
		TaskMessage failed = groupedMessage("a").failedUncounted("unreadable", NOW_S);
		aggregation().reject(set, List.of(new Member("a", failed.encode())));
		expect(set(set, "b").zset(name(set), "b", NOW_S + 1)
			.zset("archived", "a", NOW_S)
			.task(failed, "archived", "group", "g"));
	}

	@Test
	void setGoesBackWithItsScores() {
		given(group("a", "b", "c"));
		TaskSet set = takeOne(PAIRS);
		aggregation().giveBack(set);
		expect(group("a", "b", "c"));
	}

	@Test
	void groupIsPutOffLongerAndLonger() {
		given(group("a", "b"));
		for (int wait : List.of(10, 20, 40, 60, 60)) {
			Instant until = this.clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(wait);
			assertThat(aggregation().putOff(takeOne(PAIRS), Duration.ofSeconds(10), Duration.ofMinutes(1)))
				.isEqualTo(until);
			this.clock.set(until.minusSeconds(1));
			assertThat(take(PAIRS)).isEmpty();
			this.clock.set(until);
		}
		TaskSet set = takeOne(PAIRS);
		assertThat(handOver(set, 2, merged())).isEqualTo(HandOver.DONE);
		assertThat(dump().ours()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void staleSetIsReclaimedAndItsGroupNoted(int seconds) {
		TaskSet set = given(set(), "a", "b");
		this.clock.set(DEADLINE.minusSeconds(1));
		unchanged(this::reclaim);
		this.clock.set(DEADLINE.plusSeconds(seconds));
		reclaim();
		expect(group("a", "b"));
		assertThat(aggregation().read(set)).isEmpty();
	}

	@Test
	void setOfGoIsReclaimed() {
		given(set("a", "b").zset("aggregation_sets", "asynq:{" + this.queue + "}:g:g:5", NOW_S));
		reclaim();
		expect(group("a", "b"));
	}

	@Test
	void reclaimedSetJoinsWhatIsInTheGroup() {
		TaskSet set = set();
		given(set(set, "a").set("groups", "g")
			.zset("g:g", "b", NOW_S + 1)
			.task(groupedMessage("b"), "aggregating", "group", "g"));
		this.clock.set(DEADLINE);
		reclaim();
		expect(group("a", "b"));
	}

	@Test
	void setIsReclaimedInPartsAndThenNotHandedOver() {
		TaskSet set = given(set(), "a", "b");
		this.clock.set(DEADLINE);
		assertThat(upkeep().reclaimSets(this.queue, 1)).isTrue();
		assertThat(handOver(set, 2, merged())).isEqualTo(HandOver.CHANGED);
		assertThat(upkeep().reclaimSets(this.queue, 1)).isTrue();
		assertThat(upkeep().reclaimSets(this.queue, 1)).isFalse();
		expect(group("a", "b").registered());
	}

	@Test
	void entriesThatAreNoSetsAreDropped() {
		given(state().zset("aggregation_sets", "foreign", 5, "asynq:{" + this.queue + "}:g:g:gone", NOW_S));
		reclaim();
		expect(state());
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "ACTIVE" })
	void taskThatIsElsewhereDoesNotGoBack(TaskState elsewhere) {
		given(set("a", "b").task(groupedMessage("a"), elsewhere.wireName(), "group", "g"));
		this.clock.set(DEADLINE);
		reclaim();
		expect(group("b").zset("g:g", "b", NOW_S + 1).task(groupedMessage("a"), elsewhere.wireName(), "group", "g"));
	}

	@Test
	void groupedRequestFollowsARunningTask() {
		given(held("a").registered());
		assertThat(
				enqueue(new Command("a", groupedMessage("a").encode(), null, OnConflict.REPLACE, "", 0, "g")).outcome())
			.isEqualTo(Enqueued.NEXT);
		Settlement.COMPLETE.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		expect(group("a").registered().counters(1, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "groups", "g:g" })
	void groupedRequestFollowsIntoTheQueueWhereTheGroupIsNoGroup(String wrong) {
		given(held("a").registered().text(wrong, "no collection"));
		try (Jedis jedis = jedis()) {
			String kept = jedis.get("asynq:{" + this.queue + "}:" + wrong);
			jedis.del("asynq:{" + this.queue + "}:" + wrong);
			enqueue(new Command("a", groupedMessage("a").encode(), null, OnConflict.REPLACE, "", 0, "g"));
			jedis.set("asynq:{" + this.queue + "}:" + wrong, kept);
		}
		Settlement.COMPLETE.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		expect(state().registered()
			.text(wrong, "no collection")
			.list("pending", "a")
			.task(groupedMessage("a"), "pending", "pending_since", NOW_NS)
			.counters(1, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "groups", "g:g" })
	void nothingIsEnqueuedWhereTheGroupIsNoGroup(String wrong) {
		given(state().registered().text(wrong, "no collection"));
		unchanged(() -> assertThatExceptionOfType(TaskQueueRefusedException.class)
			.isThrownBy(() -> enqueue(grouped("a", null))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "scheduled", "completed", "tq:due", "groups", "aggregation_sets" })
	void nothingIsHandedOverWhereAKeyIsOfAnotherType(String wrong) {
		TaskSet set = set();
		given(set(set, "a").registered().without(wrong).text(wrong, "no collection"));
		unchanged(() -> assertThatExceptionOfType(TaskQueueRefusedException.class)
			.isThrownBy(() -> handOver(set, 1, merged())));
	}

	private AggregationBroker aggregation() {
		return this.broker.aggregation();
	}

	private List<TaskSet> take(Rule... rules) {
		Page page = aggregation().take(this.queue, this.lane.next(), AggregationBroker.BEGIN, List.of(rules), 3);
		assertThat(page.next()).isEqualTo(AggregationBroker.BEGIN);
		return page.sets();
	}

	private TaskSet takeOne(Rule rule) {
		List<TaskSet> sets = take(rule);
		assertThat(sets).hasSize(1);
		return sets.get(0);
	}

	private HandOver handOver(TaskSet set, int size, @Nullable Command merged) {
		return aggregation().handOver(set, this.lane.next(), size, merged);
	}

	private void reclaim() {
		while (upkeep().reclaimSets(this.queue, 1000)) {
			// There may be more
		}
	}

	private void repairGroups() {
		String cursor = "0";
		do {
			cursor = upkeep().repairGroups(this.queue, cursor);
		}
		while (!cursor.equals("0"));
	}

	private Answer enqueue(Command command) {
		return this.broker.enqueue().enqueue(this.queue, this.lane.next(), List.of(command)).get(0);
	}

	private Command grouped(String id, @Nullable Instant at) {
		return new Command(id, groupedMessage(id).encode(), at, OnConflict.FAIL, "", 0, "g");
	}

	private TaskMessage groupedMessage(String id) {
		return task(id).group("g").message();
	}

	private Command merged() {
		return new Command("m", message("m").encode(), null, OnConflict.FAIL, "", 0);
	}

	private StoredState mergedPending() {
		return state().registered().list("pending", "m").task(message("m"), "pending", "pending_since", NOW_NS);
	}

	/** Tasks that have joined the group one second after the other. */
	private StoredState group(String... ids) {
		return members(ids).set("groups", "g").zset("g:g", scored(ids));
	}

	private TaskSet set() {
		return new TaskSet(this.queue, "g", "5", DEADLINE);
	}

	private TaskSet given(TaskSet set, String... ids) {
		given(set(set, ids));
		return set;
	}

	private StoredState set(String... ids) {
		return set(set(), ids);
	}

	private StoredState set(TaskSet set, String... ids) {
		return members(ids).zset(name(set), scored(ids))
			.zset("aggregation_sets", "asynq:{" + this.queue + "}:" + name(set), set.deadline().getEpochSecond());
	}

	private StoredState members(String... ids) {
		StoredState state = state();
		for (String id : ids) {
			state.task(groupedMessage(id), "aggregating", "group", "g");
		}
		return state;
	}

	private static Object[] scored(String... ids) {
		List<Object> members = new ArrayList<>();
		for (int i = 0; i < ids.length; i++) {
			members.addAll(List.of(ids[i], NOW_S + i));
		}
		return members.toArray();
	}

	private static String name(TaskSet set) {
		return "g:" + set.group() + ":" + set.id();
	}

}
