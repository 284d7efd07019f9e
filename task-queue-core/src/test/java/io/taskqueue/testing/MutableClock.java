package io.taskqueue.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until a test moves it.
 */
public final class MutableClock extends Clock {

	private volatile Instant now;

	/** Creates a clock that shows the given time. */
	public MutableClock(Instant now) {
		this.now = now;
	}

	/** Moves the clock, back for a negative duration. */
	public synchronized void advance(Duration by) {
		this.now = this.now.plus(by);
	}

	/** Sets the clock. */
	public synchronized void set(Instant now) {
		this.now = now;
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException("only UTC is used");
	}

}
