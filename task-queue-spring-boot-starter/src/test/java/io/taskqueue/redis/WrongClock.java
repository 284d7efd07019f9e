package io.taskqueue.redis;

import java.time.Clock;
import java.time.Duration;

/**
 * A machine whose clock is wrong, as far as task queues can tell.
 */
public final class WrongClock {

	private WrongClock() {
	}

	/** Returns a clock to be corrected by Redis's, on a machine that is fast. */
	public static Clock fastBy(Duration fast) {
		return new ServerClock(Clock.offset(Clock.systemUTC(), fast));
	}

}
