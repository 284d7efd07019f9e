package io.taskqueue.worker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.taskqueue.broker.Deferral;
import io.taskqueue.worker.Outcome.Released;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts off tasks that this worker does not run: it has no handler for them, which may be
 * another service's or a newer version's, or their type is paused. At first they go to
 * the end of the queue, where the broker lets others have them first; if they come back,
 * 5 s, doubling to a minute.
 */
final class Deferrals {

	private static final Logger logger = LoggerFactory.getLogger(Deferrals.class);

	private static final Duration FIRST = Duration.ofSeconds(5);

	private static final Duration LONGEST = Duration.ofSeconds(60);

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final TypeDirectory types;

	private final Failures failures;

	private final Clock clock;

	Deferrals(TypeDirectory types, Failures failures, Clock clock) {
		this.types = types;
		this.failures = failures;
		this.clock = clock;
	}

	/** Returns the outcome of a task without a handler. */
	Outcome unknownType(Run run, @Nullable Deferral earlier) {
		Instant now = this.clock.instant();
		if (earlier != null && !now.isBefore(earlier.since().plus(PATIENCE)) && isHopeless(run)) {
			logger.error("{} is archived: no live worker has a handler for its type, for {} now", run, PATIENCE);
			return this.failures.archived(run.message(), new NoHandlerException(run.type()));
		}
		return putOff(run, next(earlier, now), now, "no handler for its type");
	}

	/** Returns the outcome of a task whose type is paused. */
	Outcome paused(Run run, @Nullable Deferral earlier) {
		Instant now = this.clock.instant();
		// Since now: a pause says nothing about whether anybody has a handler
		Deferral deferral = new Deferral(next(earlier, now).count(), now.truncatedTo(ChronoUnit.MILLIS));
		return putOff(run, deferral, now, "its type is paused");
	}

	private static Outcome putOff(Run run, Deferral deferral, Instant now, String why) {
		if (deferral.count() == 1) {
			logger.debug("{} is left to others: {}", run, why);
			return new Released(null, deferral);
		}
		Duration wait = FIRST.multipliedBy(1L << Math.min(deferral.count() - 2, 10));
		wait = (wait.compareTo(LONGEST) < 0) ? wait : LONGEST;
		logger.debug("{} is put off, for the {}. time: {}", run, deferral.count(), why);
		return new Released(now.plusNanos(Backoff.jittered(wait.toNanos())), deferral);
	}

	private static Deferral next(@Nullable Deferral earlier, Instant now) {
		return (earlier == null) ? new Deferral(1, now.truncatedTo(ChronoUnit.MILLIS))
				: new Deferral(Math.max(1, earlier.count() + 1), earlier.since());
	}

	private boolean isHopeless(Run run) {
		try {
			return this.types.nobodyHandles(run.queue(), run.type());
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot tell whether anybody has a handler for {}", run, ex);
			return false;
		}
	}

	/** Why the task is archived; the text is asynq's. */
	private static final class NoHandlerException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NoHandlerException(String type) {
			super("handler not found for task \"" + type + "\"", null, false, false);
		}

	}

}
