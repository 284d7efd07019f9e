package io.taskqueue.maintenance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.AggregationRules;
import io.taskqueue.GroupedTask;
import io.taskqueue.OnConflict;
import io.taskqueue.PayloadException;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskAggregator;
import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.handler.Aggregator;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.AnnotatedAggregators;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How sets of tasks are merged, and that nothing is lost or merged twice whatever
 * happens.
 */
class AggregationTest extends StorageContract {

	private static final AggregationRules PAIRS = AggregationRules.STANDARD.withMaxSize(2);

	private final AggregatorRegistry aggregators = new AggregatorRegistry();

	private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

	private final CountDownLatch release = new CountDownLatch(1);

	private final CountDownLatch entered = new CountDownLatch(1);

	private final Aggregation aggregation = aggregation(this.broker.aggregation());

	AggregationTest() {
		super(Storage.JEDIS);
	}

	@AfterEach
	void stop() {
		this.release.countDown();
		this.aggregation.stop(Duration.ZERO);
	}

	@Test
	@Scenario(53)
	void scenario53_tasksAreMergedInTheirQueue() throws Exception {
		register("g", PAIRS, (group, tasks) -> joined(group, tasks).with((options) -> options.withQueue("elsewhere")));
		given(group("a", "b"));
		this.aggregation.round();
		String id = merged("g", 2);
		TaskMessage message = pending(id);
		assertThat(message.queue()).isEqualTo(this.queue);
		assertThat(message.type()).isEqualTo("merged");
		assertThat(new String(message.payload(), StandardCharsets.UTF_8)).isEqualTo("\"g:a,b\"");
		assertThat(keys("t:*")).containsExactly("t:" + id);
		assertThat(keys("g*")).isEmpty();
		assertThat(keys("aggregation_sets")).isEmpty();
	}

	@Test
	@Scenario(51)
	void scenario51_whatIsLeftWaitsForItsOwnTime() throws Exception {
		register("g", PAIRS, AggregationTest::joined);
		given(group("a", "b", "c"));
		this.aggregation.round();
		merged("g", 2);
		this.aggregation.round();
		assertThat(keys("t:*")).hasSize(2).contains("t:c");
		this.clock.set(Instant.ofEpochSecond(NOW_S + 62));
		aggregation(this.broker.aggregation()).round();
		merged("g", 1);
		assertThat(payloads()).containsExactlyInAnyOrder("\"g:a,b\"", "\"g:c\"");
	}

	@Test
	void groupsOfOthersAreLeftAlone() {
		register("other*", PAIRS, AggregationTest::joined);
		given(group("a", "b"));
		unchanged(this.aggregation::round);
	}

	@Test
	void failureLeavesTheTasksInTheirGroupForAWhile() throws Exception {
		register("g", PAIRS, (group, tasks) -> {
			throw new IllegalStateException("not today");
		});
		given(group("a", "b"));
		this.aggregation.round();
		assertThat(next()).isEqualTo("failed g java.lang.IllegalStateException: not today until " + (NOW_S + 10));
		expect(group("a", "b").expiringHash("tq:backoff", 86_400, "g", (NOW_S + 10) + "|1"));
		this.clock.advance(Duration.ofSeconds(9));
		unchanged(() -> aggregation(this.broker.aggregation()).round());
		this.clock.advance(Duration.ofSeconds(1));
		aggregation(this.broker.aggregation()).round();
		assertThat(next()).endsWith("until " + (NOW_S + 30));
	}

	@Test
	void nothingReturnedIsAFailure() throws Exception {
		register("g", PAIRS, (group, tasks) -> null);
		given(group("a", "b"));
		this.aggregation.round();
		assertThat(next()).contains("the aggregator returned null");
		expect(group("a", "b").expiringHash("tq:backoff", 86_400, "g", (NOW_S + 10) + "|1"));
	}

	@Test
	void errorIsAFailure() throws Exception {
		register("g", PAIRS, (group, tasks) -> {
			throw new NoClassDefFoundError("Gone");
		});
		given(group("a", "b"));
		this.aggregation.round();
		assertThat(next()).contains("NoClassDefFoundError");
	}

	@Test
	void mergedTaskMustNotJoinItsGroupAgain() throws Exception {
		register("g", PAIRS, (group, tasks) -> joined(group, tasks).with((options) -> options.withGroup("g")));
		given(group("a", "b"));
		this.aggregation.round();
		assertThat(next()).contains("must not join the same group again");
	}

	@ParameterizedTest
	@EnumSource(names = { "KEEP", "REPLACE" })
	void mergedTaskMustNotTouchOthers(OnConflict onConflict) throws Exception {
		register("g", PAIRS,
				(group, tasks) -> joined(group, tasks).with((options) -> options.withOnConflict(onConflict)));
		given(group("a", "b"));
		this.aggregation.round();
		assertThat(next()).contains("must not keep or replace another");
	}

	@Test
	void takenIdIsAFailure() throws Exception {
		register("g", PAIRS, (group, tasks) -> joined(group, tasks).with((options) -> options.withId("m")));
		given(group("a", "b").registered().list("pending", "m").task(message("m"), "pending"));
		this.aggregation.round();
		assertThat(next()).contains("its id is taken");
		expect(group("a", "b").registered()
			.list("pending", "m")
			.task(message("m"), "pending")
			.expiringHash("tq:backoff", 86_400, "g", (NOW_S + 10) + "|1"));
	}

	@Test
	void unreadablePayloadIsArchivedAndTheOthersAreMerged() throws Exception {
		new AnnotatedAggregators(new JacksonPayloadCodec(), (text) -> text).parse(new Sums())
			.forEach(this.aggregators::register);
		given(group("1", "x", "3").hash("t:3", "msg", "no record", "state", "aggregating", "group", "g"));
		this.clock.advance(Duration.ofHours(1));
		this.aggregation.round();
		assertThat(List.of(next(), next())).allMatch((event) -> event.startsWith("rejected g "))
			.anyMatch((event) -> event.startsWith("rejected g 3 "))
			.anyMatch((event) -> event.startsWith("rejected g x " + PayloadException.class.getName()));
		merged("g", 1);
		assertThat(payloads()).containsExactly("1");
		try (Jedis jedis = jedis()) {
			assertThat(jedis.zrange(key("archived"), 0, -1)).containsExactlyInAnyOrder("3", "x");
		}
		assertThat(TaskMessage.decode(record("x")).errorMsg()).isNotBlank();
	}

	@Test
	void groupOfUnreadablePayloadsIsEmptied() throws Exception {
		new AnnotatedAggregators(new JacksonPayloadCodec(), (text) -> text).parse(new Sums())
			.forEach(this.aggregators::register);
		given(group("x"));
		this.clock.advance(Duration.ofHours(1));
		this.aggregation.round();
		assertThat(next()).startsWith("rejected g x ");
		await().untilAsserted(() -> assertThat(keys("aggregation_sets")).isEmpty());
		assertThat(keys("g*")).isEmpty();
		assertThat(keys("pending")).isEmpty();
	}

	/** The node dies before or after any call: another one merges all, once. */
	@ParameterizedTest
	@EnumSource
	void killedNodeLosesNothingAndMergesNothingTwice(DyingBroker.Death death) throws Exception {
		register("g", PAIRS, (group, tasks) -> {
			if (death.fails()) {
				throw new IllegalStateException("fails");
			}
			return joined(group, tasks);
		});
		given(group("a", "b"));
		DyingBroker dying = new DyingBroker(this.broker.aggregation(), death);
		Aggregation killed = aggregation(dying);
		untilKilled(killed::round);
		assertThat(dying.died().await(10, TimeUnit.SECONDS)).isTrue();
		untilKilled(() -> killed.stop(Duration.ofSeconds(10)));

		this.clock.advance(Duration.ofMinutes(2));
		while (upkeep().reclaimSets(this.queue, 100)) {
			// There may be more
		}
		AggregatorRegistry healthy = new AggregatorRegistry();
		healthy.register(aggregator("g", PAIRS, AggregationTest::joined));
		aggregation(this.broker.aggregation(), healthy).round();
		await().untilAsserted(() -> assertThat(payloads()).containsExactly("\"g:a,b\""));
		assertThat(keys("t:*")).hasSize(1);
		assertThat(keys("g*")).isEmpty();
		assertThat(keys("aggregation_sets")).isEmpty();
	}

	private static void untilKilled(Runnable action) {
		try {
			action.run();
		}
		catch (DyingBroker.Killed ex) {
			// It is gone
		}
	}

	@Test
	void aggregatorThatTakesTooLongIsInterruptedAndPutOff() throws Exception {
		register("g", PAIRS, this::block);
		given(group("a", "b"));
		this.aggregation.round();
		this.entered.await();
		this.clock.advance(Duration.ofSeconds(121));
		this.aggregation.round();
		assertThat(next()).startsWith("failed g java.lang.InterruptedException");
		expect(group("a", "b").expiringHash("tq:backoff", 86_400, "g", (NOW_S + 131) + "|1"));
	}

	@Test
	void whatIsMadeOfASetThatWasPutBackIsDropped() throws Exception {
		register("g", PAIRS, this::block);
		given(group("a", "b").registered());
		this.aggregation.round();
		this.entered.await();
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(upkeep().reclaimSets(this.queue, 100)).isTrue();
		this.release.countDown();
		assertThat(next()).isEqualTo("lost g");
		expect(group("a", "b").registered());
	}

	@Test
	void stopGivesBackWhatIsNotDoneInTime() throws Exception {
		register("g", PAIRS, this::block);
		given(group("a", "b"));
		this.aggregation.round();
		this.entered.await();
		this.aggregation.stop(Duration.ZERO);
		expect(group("a", "b"));
	}

	@Test
	void stopGivesBackWhatDoesNotListen() throws Exception {
		CountDownLatch returned = new CountDownLatch(1);
		register("g", PAIRS, (group, tasks) -> {
			this.entered.countDown();
			while (this.release.getCount() > 0) {
				try {
					this.release.await();
				}
				catch (InterruptedException ex) {
					// Does not listen
				}
			}
			returned.countDown();
			return joined(group, tasks);
		});
		given(group("a", "b").registered());
		this.aggregation.round();
		this.entered.await();
		this.aggregation.stop(Duration.ZERO);
		expect(group("a", "b").registered());
		this.release.countDown();
		returned.await();
		assertThat(next()).isEqualTo("lost g");
		expect(group("a", "b").registered());
	}

	@Test
	void stopWaitsForWhatIsUnderWay() throws Exception {
		register("g", PAIRS, this::block);
		given(group("a", "b"));
		this.aggregation.round();
		this.entered.await();
		Thread stopping = new Thread(() -> this.aggregation.stop(Duration.ofSeconds(30)));
		stopping.start();
		this.release.countDown();
		stopping.join();
		merged("g", 2);
		assertThat(payloads()).containsExactly("\"g:a,b\"");
	}

	@Test
	void runningAggregationLooksByItself() throws Exception {
		register("g", PAIRS, AggregationTest::joined);
		given(group("a", "b", "c", "d", "e"));
		this.aggregation.start();
		merged("g", 2);
		merged("g", 2);
	}

	private TaskRequest block(String group, List<GroupedTask<byte[]>> tasks) throws InterruptedException {
		this.entered.countDown();
		this.release.await();
		return joined(group, tasks);
	}

	private static TaskRequest joined(String group, List<GroupedTask<byte[]>> tasks) {
		return TaskRequest.of("merged", group + ":" + String.join(",", tasks.stream().map(GroupedTask::id).toList()));
	}

	private void register(String pattern, AggregationRules rules, Aggregator.Function function) {
		this.aggregators.register(aggregator(pattern, rules, function));
	}

	private static Aggregator aggregator(String pattern, AggregationRules rules, Aggregator.Function function) {
		return new Aggregator(pattern, pattern, null, rules, "Test", function);
	}

	private Aggregation aggregation(AggregationBroker storage) {
		return aggregation(storage, this.aggregators);
	}

	private Aggregation aggregation(AggregationBroker storage, AggregatorRegistry registry) {
		TaskEncoder encoder = new TaskEncoder(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS, this.clock);
		return new Aggregation(storage, registry, encoder, Set.of(this.queue), this.clock, List.of(new Recorder()));
	}

	private StoredState group(String... ids) {
		StoredState state = state().set("groups", "g");
		List<Object> members = new ArrayList<>();
		for (String id : ids) {
			members.addAll(List.of(id, NOW_S + members.size() / 2));
			state.task(task(id).payload(id).group("g").message(), "aggregating", "group", "g");
		}
		return state.zset("g:g", members.toArray());
	}

	private String next() throws InterruptedException {
		String event = this.events.poll(10, TimeUnit.SECONDS);
		assertThat(event).as("an event").isNotNull();
		return event;
	}

	/** Waits for a merged set and returns the task's id. */
	private String merged(String group, int tasks) throws InterruptedException {
		String event = next();
		assertThat(event).startsWith("merged " + group + " " + tasks + " ");
		return event.substring(event.lastIndexOf(' ') + 1);
	}

	private List<String> payloads() {
		try (Jedis jedis = jedis()) {
			return jedis.lrange(key("pending"), 0, -1)
				.stream()
				.map((id) -> new String(pending(id).payload(), StandardCharsets.UTF_8))
				.toList();
		}
	}

	private TaskMessage pending(String id) {
		return TaskMessage.decode(record(id));
	}

	private byte[] record(String id) {
		try (Jedis jedis = jedis()) {
			return jedis.hget(key("t:" + id).getBytes(StandardCharsets.UTF_8), "msg".getBytes(StandardCharsets.UTF_8));
		}
	}

	private List<String> keys(String pattern) {
		try (Jedis jedis = jedis()) {
			return jedis.keys(key(pattern)).stream().map((name) -> name.substring(key("").length())).toList();
		}
	}

	private String key(String name) {
		return "asynq:{" + this.queue + "}:" + name;
	}

	static class Sums {

		@TaskAggregator(group = "g", type = "sum")
		int sum(List<Integer> numbers) {
			return numbers.stream().mapToInt(Integer::intValue).sum();
		}

	}

	private final class Recorder implements AggregationListener {

		@Override
		public void merged(String queue, String group, int tasks, String id) {
			AggregationTest.this.events.add("merged " + group + " " + tasks + " " + id);
		}

		@Override
		public void failed(String queue, String group, Throwable error, Instant until) {
			AggregationTest.this.events.add("failed " + group + " " + error + " until " + until.getEpochSecond());
		}

		@Override
		public void rejected(String queue, String group, String id, Throwable error) {
			AggregationTest.this.events.add("rejected " + group + " " + id + " " + error);
		}

		@Override
		public void lost(String queue, String group) {
			AggregationTest.this.events.add("lost " + group);
		}

	}

}
