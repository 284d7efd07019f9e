package io.taskqueue.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The system's clock, corrected by its offset to Redis's. The offset is measured when
 * connecting, with promotions, which run at least once a second, and, since not every
 * process has them, with enqueues every half a minute; of the last measurements the one
 * with the shortest round trip counts, because its error is at most half of that. An
 * offset below 100 ms is ignored: it is within what measuring and time synchronisation
 * leave, and a clock that does not jump is worth more.
 */
public final class ServerClock extends Clock {

	private static final Duration IGNORED = Duration.ofMillis(100);

	/** A better measurement is forgotten after a while, because clocks drift. */
	private static final long BEST_LASTS_NANOS = Duration.ofMinutes(1).toNanos();

	private final Clock system;

	private volatile Duration offset = Duration.ZERO;

	/** Round trip and time of the best measurement; guarded by this. */
	private long bestRoundTrip = Long.MAX_VALUE;

	private long bestAt;

	/** Creates a clock over the system's clock. */
	public ServerClock() {
		this(Clock.systemUTC());
	}

	ServerClock(Clock system) {
		this.system = system;
	}

	/** Returns how far Redis's clock is ahead of the system's; zero if hardly at all. */
	public Duration offset() {
		return this.offset;
	}

	@Override
	public Instant instant() {
		Duration offset = this.offset;
		return offset.isZero() ? this.system.instant() : this.system.instant().plus(offset);
	}

	@Override
	public long millis() {
		return this.system.millis() + this.offset.toMillis();
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException("only UTC is used");
	}

	/**
	 * Takes a measurement.
	 * @param sent when Redis was asked, by {@link System#nanoTime()}
	 * @param received when it had answered
	 * @param server what its clock said in between
	 */
	synchronized void observe(long sent, long received, Instant server) {
		long roundTrip = received - sent;
		if (roundTrip > this.bestRoundTrip && received - this.bestAt < BEST_LASTS_NANOS) {
			return;
		}
		this.bestRoundTrip = roundTrip;
		this.bestAt = received;
		Instant middle = this.system.instant().minusNanos(System.nanoTime() - received).minusNanos(roundTrip / 2);
		Duration measured = Duration.between(middle, server);
		this.offset = (measured.abs().compareTo(IGNORED) < 0) ? Duration.ZERO : measured;
	}

	/** Takes measurements of Redis's clock. */
	@FunctionalInterface
	interface Observer {

		void observe(long sent, long received, Instant server);

	}

}
