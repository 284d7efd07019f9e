package io.taskqueue.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A wait that doubles, with a jitter of a quarter either way. Used by one thread.
 */
final class Backoff {

	private final long first;

	private final long longest;

	private long next;

	Backoff(Duration first, Duration longest) {
		this.first = first.toNanos();
		this.longest = longest.toNanos();
		this.next = this.first;
	}

	/** Returns the wait in nanoseconds and doubles the one after it. */
	long next() {
		long wait = jittered(this.next);
		this.next = Math.min(this.next * 2, this.longest);
		return wait;
	}

	void reset() {
		this.next = this.first;
	}

	static long jittered(long nanos) {
		return nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
	}

}
