package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.Set;

import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import org.junit.jupiter.api.Test;

/**
 * When strays are brought back.
 */
class SweeperTest extends StorageContract {

	SweeperTest() {
		super(Storage.JEDIS);
	}

	private void step(Sweeper sweeper, int times) {
		for (int i = 0; i < times; i++) {
			sweeper.step(Set.of(this.queue));
		}
	}

	@Test
	void strayIsBroughtBackWhenSeenTwice() {
		Sweeper sweeper = new Sweeper(upkeep(), this.clock);
		given(state().task(message("a"), "active"));
		unchanged(() -> step(sweeper, 10));
		this.clock.advance(Sweeper.BETWEEN_LOOKS);
		step(sweeper, 10);
		long claimed = this.clock.instant().getEpochSecond();
		expect(state().task(message("a"), "active").text("tq:swept", claimed, Sweeper.EVERY.toSeconds()));
		this.clock.advance(Sweeper.SECOND_LOOK_AFTER);
		step(sweeper, 1);
		expect(state().list("pending", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS + 660_000_000_000L)
			.text("tq:swept", claimed, Sweeper.EVERY.toSeconds()));
	}

	@Test
	void strayThatIsFoundInItsPlaceAtTheSecondLookIsLeftAlone() {
		Sweeper sweeper = new Sweeper(upkeep(), this.clock);
		given(state().task(message("a"), "active"));
		this.clock.advance(Sweeper.BETWEEN_LOOKS);
		step(sweeper, 10);
		given(state().zset("retry", "a", NOW_S + 99).task(message("a"), "retry"));
		this.clock.advance(Sweeper.SECOND_LOOK_AFTER);
		unchanged(() -> step(sweeper, 1));
	}

	@Test
	void oneNodeSweeps() {
		Sweeper one = new Sweeper(upkeep(), this.clock);
		Sweeper other = new Sweeper(upkeep(), this.clock);
		this.clock.advance(Sweeper.BETWEEN_LOOKS);
		step(one, 10);
		given(state().task(message("a"), "active").text("tq:swept", 1));
		this.clock.advance(Duration.ofHours(1));
		unchanged(() -> {
			step(other, 10);
			this.clock.advance(Sweeper.SECOND_LOOK_AFTER);
			step(other, 10);
		});
	}

}
