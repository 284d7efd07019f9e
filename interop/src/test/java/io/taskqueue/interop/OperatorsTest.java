package io.taskqueue.interop;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.Lane;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.inspect.Cancellation;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Somebody with asynq's tools takes a task out of our hands. They know nothing of what we
 * noted about it, so none of that may count afterwards.
 */
class OperatorsTest extends BesideGo {

	private static final String OWNER = "host:1:owner";

	private final MutableClock clock = new MutableClock(Instant.now());

	private final Lane lane = new Lane();

	private RedisBroker broker;

	@BeforeEach
	void connect() {
		JedisConnectionFactory factory = new JedisConnectionFactory(
				new RedisStandaloneConfiguration(redisServer().host(), redisServer().port()));
		factory.afterPropertiesSet();
		closeLater(factory::destroy);
		this.broker = closeLater(new RedisBroker(factory, RedisOptions.STANDARD, this.clock));
		this.broker.start("operators");
	}

	static Stream<Arguments> takenOutOfOurHands() {
		return Arrays.stream(Known.values())
			.flatMap((known) -> Arrays.stream(Deed.values())
				.filter((deed) -> deed.from.contains(known.state))
				.map((deed) -> Arguments.of(known, deed)));
	}

	@ParameterizedTest
	@MethodSource("takenOutOfOurHands")
	@Scenario(59)
	void nothingOfWhatWeNotedCounts(Known known, Deed deed) {
		known.makeSo(this);
		assertThat(state()).isEqualTo(known.state);
		assertThat(KeyDump.of(this.redis).ours()).containsKey(P + known.note);
		deed.doTo(this);
		assertThat(state()).isEqualTo("pending");
		// Neither as a suspect nor as one that this worker has left to others
		List<Delivery> deliveries = fetch(0);
		assertThat(deliveries).singleElement().satisfies((delivery) -> {
			assertThat(delivery.crashes()).isZero();
			assertThat(delivery.deferral()).isNull();
		});
		assertThat(this.redis.hkeys(P + "t:a")).contains("tq:owner")
			.doesNotContain("tq:crashes", "tq:deferred", "tq:at");
		assertThat(renewal()).isEqualTo(Renewal.HELD);
		this.clock.advance(Duration.ofHours(2));
		assertThat(this.broker.upkeep().promote("default", 10).moved()).isZero();
		assertThat(state()).isEqualTo("active");
	}

	@Test
	@Scenario(59)
	void taskThatIsToBeCancelledIsNotTheOperators() {
		makeCancelled();
		for (String verb : List.of("run", "archive", "delete")) {
			assertThat(goInspector().refusal(Map.of("op", verb, "queue", "default", "id", "a"))).as(verb).isNotNull();
		}
		assertThat(goInspector().refusal(Map.of("op", "deleteQueue", "queue", "default", "force", true))).isNotNull();
		assertThat(renewal()).isEqualTo(Renewal.CANCELLED);
	}

	@Test
	void taskThatWasToBeCancelledIsDeletedAndEnqueuedAgainAndNotCancelled() {
		makeCancelled();
		this.broker.upkeep().recover("default", List.of(new Requeue("a", lease(), 1)));
		go("delete", "a");
		goEnqueue("a", Behaviour.SUCCEED, Map.of());
		assertThat(fetch(0)).hasSize(1);
		assertThat(renewal()).isEqualTo(Renewal.HELD);
	}

	@Test
	@Scenario(42)
	void scenario42_taskThatJavaCancelledRunsToItsEndWhenGoRunsIt() {
		this.java.handle("stubborn", (task) -> {
			if (this.java.attempts("a").size() == 1) {
				new CountDownLatch(1).await();
			}
			return null;
		});
		this.java.tasks().once("stubborn").uuid("a").enqueue();
		this.java.work(JavaService.patient());
		this.java.awaitStart("a");
		assertThat(this.java.inspector().cancel("default", "a")).isEqualTo(Cancellation.REQUESTED);
		awaitState("a", "archived");
		go("run", "a");
		awaitGone("a");
		assertThat(this.java.attempts("a")).hasSize(2);
	}

	@Test
	@Scenario(42)
	void scenario42_javaCancelsATaskThatGoRuns() {
		goEnqueue("a", Behaviour.hold(60_000), Map.of());
		GoServer server = goServer(Map.of("concurrency", 1, "retryDelay", 3_600_000));
		server.awaitStart("a");
		await().until(() -> this.redis.pubsubNumSub(Keys.CANCEL).get(Keys.CANCEL) == 1);
		assertThat(this.java.inspector().cancel("default", "a")).isEqualTo(Cancellation.SENT);
		awaitState("a", "retry");
		assertThat(goSees("a").get("LastErr").asString()).isEqualTo("context canceled");
	}

	private void makeCancelled() {
		fetched();
		assertThat(this.java.inspector().cancel("default", "a")).isEqualTo(Cancellation.REQUESTED);
		assertThat(this.redis.hexists(P + "t:a", "tq:cancel")).isTrue();
	}

	private void fetched() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		assertThat(fetch(1)).hasSize(1);
	}

	private List<Delivery> fetch(int suspects) {
		return this.broker.work().fetch("default", this.lane.next(), OWNER, 1, suspects).deliveries();
	}

	private void defer(@Nullable Instant at) {
		Deferral deferral = new Deferral(2, Instant.ofEpochMilli(this.clock.millis() - 60_000));
		this.broker.work().release("default", this.lane.next(), OWNER, List.of(new Release("a", at, deferral)));
	}

	private Renewal renewal() {
		return this.broker.work().renew("default", OWNER, List.of("a")).get(0);
	}

	private Instant lease() {
		return Instant.ofEpochSecond(this.redis.zscore(P + "lease", "a").longValue());
	}

	private String state() {
		return this.redis.hget(P + "t:a", "state");
	}

	private void all(String verb, String state) {
		assertThat(
				goInspector().ask(Map.of("op", verb + "All", "queue", "default", "state", state, "group", "")).asInt())
			.isOne();
	}

	/** An upkeep of ours looks every second, so sooner than a person clicks twice. */
	private void haveUpkeepLook() {
		this.broker.upkeep().promote("default", 10);
	}

	/** What we may have noted of a task. */
	private enum Known {

		CRASHED("pending", "t:a tq:crashes") {
			@Override
			void makeSo(OperatorsTest test) {
				test.fetched();
				test.broker.upkeep().recover("default", List.of(new Requeue("a", test.lease(), 2)));
			}
		},

		SUSPECT_PUT_OFF("scheduled", "t:a tq:crashes") {
			@Override
			void makeSo(OperatorsTest test) {
				CRASHED.makeSo(test);
				assertThat(test.fetch(0)).isEmpty();
			}
		},

		DEFERRED("scheduled", "t:a tq:deferred") {
			@Override
			void makeSo(OperatorsTest test) {
				test.fetched();
				test.defer(test.clock.instant().plusSeconds(60));
			}
		},

		LEFT_TO_OTHERS("pending", "t:a tq:deferred") {
			@Override
			void makeSo(OperatorsTest test) {
				test.fetched();
				test.defer(null);
				assertThat(test.fetch(0)).isEmpty();
			}
		},

		DELAYED("scheduled", "tq:due") {
			@Override
			void makeSo(OperatorsTest test) {
				test.javaTask("a", Behaviour.SUCCEED).in(Duration.ofMillis(600_123)).enqueue();
			}
		},

		FAILED("retry", "tq:due") {
			@Override
			void makeSo(OperatorsTest test) {
				test.fetched();
				test.broker.work()
					.retry("default", test.lane.next(), OWNER, List.of(new Retry("a", test.record("default", "a"),
							test.clock.instant().plusMillis(600_123), true)));
			}
		};

		private final String state;

		private final String note;

		Known(String state, String note) {
			this.state = state;
			this.note = note;
		}

		abstract void makeSo(OperatorsTest test);

	}

	/** What a person does with asynq's tools, and in which states. */
	private enum Deed {

		RUN("scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.go("run", "a");
			}
		},

		RUN_ALL("scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.all("run", test.state());
			}
		},

		ARCHIVE_AND_RUN("pending scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.go("archive", "a");
				test.haveUpkeepLook();
				test.go("run", "a");
			}
		},

		ARCHIVE_ALL_AND_RUN_ALL("pending scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.all("archive", test.state());
				test.haveUpkeepLook();
				test.all("run", "archived");
			}
		},

		DELETE_AND_ENQUEUE("pending scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.go("delete", "a");
				test.goEnqueue("a", Behaviour.SUCCEED, Map.of());
			}
		},

		DELETE_ALL_AND_ENQUEUE("pending scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.all("delete", test.state());
				test.goEnqueue("a", Behaviour.SUCCEED, Map.of());
			}
		},

		DELETE_QUEUE_AND_ENQUEUE("pending scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				test.goInspector().ask(Map.of("op", "deleteQueue", "queue", "default", "force", true));
				test.goEnqueue("a", Behaviour.SUCCEED, Map.of());
			}
		},

		ARCHIVE_AND_RUN_IN_ASYNQMON("pending scheduled retry") {
			@Override
			void doTo(OperatorsTest test) {
				Asynqmon asynqmon = test.closeLater(new Asynqmon(address()));
				String tasks = "queues/default/%s_tasks/a:%s";
				assertThat(asynqmon.status("POST", tasks.formatted(test.state(), "archive"))).isEqualTo(204);
				test.haveUpkeepLook();
				assertThat(asynqmon.status("POST", tasks.formatted("archived", "run"))).isEqualTo(204);
			}
		};

		private final String from;

		Deed(String from) {
			this.from = from;
		}

		abstract void doTo(OperatorsTest test);

	}

}
