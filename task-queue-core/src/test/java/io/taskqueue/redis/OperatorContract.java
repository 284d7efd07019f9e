package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody with asynq's tools, or a Go server, takes a task out of our hands, whatever we
 * know of it: what happens next is what would happen to a task of which we know nothing.
 */
abstract class OperatorContract extends StorageContract {

	private static final Instant LEASE = Instant.ofEpochSecond(NOW_S + 30);

	OperatorContract(Storage storage) {
		super(storage);
	}

	static Stream<Arguments> takenOutOfOurHands() {
		return Arrays.stream(Known.values())
			.flatMap((known) -> Arrays.stream(Deed.values())
				.filter((deed) -> deed.from.contains(known.state))
				.map((deed) -> Arguments.of(known, deed)));
	}

	@ParameterizedTest
	@MethodSource("takenOutOfOurHands")
	void nothingOfWhatWeKnewCounts(Known known, Deed deed) {
		known.makeSo(this);
		assertThat(stateOfTask()).isEqualTo(known.state);
		deed.doTo(this);
		assertThat(stateOfTask()).isEqualTo("pending");
		Delivery delivery = fetchAsSuspectsAreNotAllowed();
		assertThat(delivery.crashes()).isZero();
		assertThat(delivery.deferral()).isNull();
		assertThat(dump().ours())
			.extractingByKeys("asynq:{" + this.queue + "}:t:a tq:crashes", "asynq:{" + this.queue + "}:t:a tq:deferred",
					"asynq:{" + this.queue + "}:t:a tq:at")
			.containsOnlyNulls();
		assertThat(work().renew(this.queue, OWNER, List.of("a"))).containsExactly(Renewal.HELD);
		assertThat(upkeep().heldBy(this.queue, OWNER, 1)).singleElement()
			.satisfies((held) -> assertThat(held.crashes()).isZero());
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(upkeep().promote(this.queue, 10).moved()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void whatWeKnowCountsWhereNobodyInterferes(Known known) {
		known.makeSo(this);
		if (known.state.equals("active")) {
			assertThat(operator().run("a")).isEqualTo(-1);
			assertThat(operator().archive("a")).isEqualTo(-2);
			assertThat(operator().delete("a")).isEqualTo(-1);
			assertThat(work().renew(this.queue, OWNER, List.of("a")))
				.containsExactly((known == Known.CANCELLED) ? Renewal.CANCELLED : Renewal.HELD);
			assertThat(upkeep().heldBy(this.queue, OWNER, 1)).singleElement()
				.satisfies((held) -> assertThat(held.crashes()).isEqualTo(known.crashes));
			return;
		}
		this.clock.advance(Duration.ofSeconds(6));
		upkeep().promote(this.queue, 10);
		this.clock.advance(Duration.ofSeconds(2));
		Delivery delivery = work().fetch(this.queue, this.lane.next(), OWNER, 1, 1).deliveries().get(0);
		assertThat(delivery.crashes()).isEqualTo(known.crashes);
		assertThat(delivery.deferral() != null).isEqualTo(known.deferred);
	}

	@Test
	void operatorArchivesAndRunsATaskOfWhichNobodyTookNotice() {
		Known.CRASHED.makeSo(this);
		operator().archive("a");
		operator().run("a");
		this.clock.advance(Duration.ofMinutes(10));
		assertThat(fetchAsSuspectsAreNotAllowed().crashes()).isZero();
	}

	@Test
	void exactTimeOfADeletedTaskDoesNotCountInAnotherSecond() {
		Known.EXACT.makeSo(this);
		operator().delete("a");
		go().schedule(message("a"), NOW_S + 10);
		this.clock.advance(Duration.ofSeconds(9));
		assertThat(upkeep().promote(this.queue, 10).moved()).isZero();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(upkeep().promote(this.queue, 10).moved()).isEqualTo(1);
	}

	private Delivery fetchAsSuspectsAreNotAllowed() {
		List<Delivery> deliveries = work().fetch(this.queue, this.lane.next(), OWNER, 1, 0).deliveries();
		assertThat(deliveries).hasSize(1);
		return deliveries.get(0);
	}

	private String stateOfTask() {
		try (Jedis jedis = jedis()) {
			return jedis.hget("asynq:{" + this.queue + "}:t:a", "state");
		}
	}

	/** What we may know of a task. */
	private enum Known {

		CRASHED("pending", 2, false) {
			@Override
			void makeSo(OperatorContract test) {
				test.given(test.held("a"));
				test.upkeep().recover(test.queue, List.of(new Requeue("a", LEASE, 2)));
			}
		},

		CRASHED_AND_RELEASED("pending", 2, false) {
			@Override
			void makeSo(OperatorContract test) {
				RUNNING_AFTER_CRASHES.makeSo(test);
				test.work().release(test.queue, test.lane.next(), OWNER, List.of(new Release("a", null, null)));
			}
		},

		SUSPECT_PUT_OFF("scheduled", 2, false) {
			@Override
			void makeSo(OperatorContract test) {
				CRASHED.makeSo(test);
				test.work().fetch(test.queue, test.lane.next(), OWNER, 1, 0);
			}
		},

		SUSPECT_DUE_AGAIN("pending", 2, false) {
			@Override
			void makeSo(OperatorContract test) {
				SUSPECT_PUT_OFF.makeSo(test);
				test.clock.advance(Duration.ofSeconds(2));
				test.upkeep().promote(test.queue, 1);
			}
		},

		DEFERRED("scheduled", 0, true) {
			@Override
			void makeSo(OperatorContract test) {
				test.given(test.held("a"));
				test.defer(NOW.plusSeconds(5));
			}
		},

		LEFT_TO_OTHERS("pending", 0, true) {
			@Override
			void makeSo(OperatorContract test) {
				test.given(test.held("a"));
				test.defer(null);
			}
		},

		EXACT("retry", 0, false) {
			@Override
			void makeSo(OperatorContract test) {
				test.given(test.held("a"));
				test.work()
					.retry(test.queue, test.lane.next(), OWNER,
							List.of(new Retry("a", test.message("a").encode(), NOW.plusSeconds(5), true)));
			}
		},

		RUNNING_AFTER_CRASHES("active", 2, false) {
			@Override
			void makeSo(OperatorContract test) {
				CRASHED.makeSo(test);
				test.work().fetch(test.queue, test.lane.next(), OWNER, 1, 1);
			}
		},

		CANCELLED("active", 0, false) {
			@Override
			void makeSo(OperatorContract test) {
				test.given(test.held("a")
					.task(test.message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:cancel",
							NOW_S + 30));
			}
		};

		private final String state;

		private final int crashes;

		private final boolean deferred;

		Known(String state, int crashes, boolean deferred) {
			this.state = state;
			this.crashes = crashes;
			this.deferred = deferred;
		}

		abstract void makeSo(OperatorContract test);

	}

	private void defer(@Nullable Instant at) {
		work().release(this.queue, this.lane.next(), OWNER,
				List.of(new Release("a", at, new Deferral(2, Instant.ofEpochMilli(NOW_MS - 3_600_000)))));
	}

	/** What operators and Go servers may do, and in which states. */
	private enum Deed {

		RUN("scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				assertThat(test.operator().run("a")).isEqualTo(1);
			}
		},

		ARCHIVE_AND_RUN("pending scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				assertThat(test.operator().archive("a")).isEqualTo(1);
				test.upkeep().promote(test.queue, 1);
				assertThat(test.operator().run("a")).isEqualTo(1);
			}
		},

		ARCHIVE_ALL_AND_RUN_ALL("pending scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				test.operator().archiveAll(test.stateOfTask());
				test.upkeep().promote(test.queue, 1);
				test.operator().runAll("archived");
			}
		},

		RUN_ALL("scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				test.operator().runAll(test.stateOfTask());
			}
		},

		DELETE_AND_ENQUEUE("pending scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				assertThat(test.operator().delete("a")).isEqualTo(1);
				test.go().enqueue(test.message("a"));
			}
		},

		DELETE_QUEUE_AND_ENQUEUE("pending scheduled retry active") {
			@Override
			void doTo(OperatorContract test) {
				test.operator().deleteQueue();
				test.go().enqueue(test.message("a"));
			}
		},

		GO_FORWARDS("scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				test.clock.advance(Duration.ofSeconds(8));
				test.go().forward();
			}
		},

		GO_FAILS("pending") {
			@Override
			void doTo(OperatorContract test) {
				test.go().dequeue();
				test.go().retry("a", "boom", 10);
				test.clock.advance(Duration.ofSeconds(10));
				test.upkeep().promote(test.queue, 1);
			}
		},

		GO_FAILS_AFTER_A_RUN("scheduled retry") {
			@Override
			void doTo(OperatorContract test) {
				RUN.doTo(test);
				GO_FAILS.doTo(test);
			}
		},

		GO_GIVES_BACK("pending") {
			@Override
			void doTo(OperatorContract test) {
				test.go().dequeue();
				test.go().requeue("a");
			}
		},

		GO_RECOVERS("active") {
			@Override
			void doTo(OperatorContract test) {
				test.clock.advance(Duration.ofSeconds(61));
				test.go().recover(10);
				test.clock.advance(Duration.ofSeconds(10));
				test.go().forward();
			}
		},

		GO_RECOVERS_AND_WE_PROMOTE("active") {
			@Override
			void doTo(OperatorContract test) {
				test.clock.advance(Duration.ofSeconds(61));
				test.go().recover(10);
				test.clock.advance(Duration.ofSeconds(10));
				test.upkeep().promote(test.queue, 1);
			}
		};

		private final String from;

		Deed(String from) {
			this.from = from;
		}

		abstract void doTo(OperatorContract test);

	}

}
