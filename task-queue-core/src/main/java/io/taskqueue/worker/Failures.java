package io.taskqueue.worker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.taskqueue.RetryDelay;
import io.taskqueue.RetryLaterException;
import io.taskqueue.RevokeTaskException;
import io.taskqueue.SkipRetryException;
import io.taskqueue.handler.Handler;
import io.taskqueue.wire.TaskMessage;
import io.taskqueue.worker.Outcome.Archived;
import io.taskqueue.worker.Outcome.RetryAt;
import io.taskqueue.worker.Outcome.Revoked;
import io.taskqueue.worker.WorkerOptions.OnCancel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a task whose attempt did not succeed.
 */
final class Failures {

	private static final Logger logger = LoggerFactory.getLogger(Failures.class);

	private static final String UNDECODABLE = "taskqueue:undecodable";

	// Chains of causes may be circular
	private static final int DEEPEST_CAUSE = 100;

	private static final Duration LONGEST_DELAY = Duration.ofDays(3650);

	private final WorkerOptions options;

	private final Clock clock;

	Failures(WorkerOptions options, Clock clock) {
		this.options = options;
		this.clock = clock;
	}

	/** Returns the outcome after an error of the handler, or one that stands for it. */
	Outcome failed(Run run, Throwable error) {
		Outcome wanted = wanted(run, error);
		if (wanted != null) {
			return wanted;
		}
		TaskMessage message = run.message();
		if (isNotRetried(run.handler(), error) || message.retried() >= message.retry()) {
			return archived(message, error);
		}
		Instant at = in(delay(run, error));
		return isFailure(run, error) ? new RetryAt(message.failed(text(error), seconds()).encode(), at, true)
				: new RetryAt(message.failedUncounted(text(error), seconds()).encode(), at, false);
	}

	/** Returns the outcome that a handler asked for by its exception, if it did. */
	@Nullable Outcome wanted(Run run, Throwable error) {
		TaskMessage message = run.message();
		if (cause(error, RevokeTaskException.class) != null) {
			return new Revoked(message.uniqueKey());
		}
		if (cause(error, SkipRetryException.class) != null) {
			return archived(message, error);
		}
		RetryLaterException later = cause(error, RetryLaterException.class);
		if (later != null) {
			byte[] unchanged = message.failedUncounted(text(error), seconds()).encode();
			return new RetryAt(unchanged, in(later.delay()), false);
		}
		return null;
	}

	/** Tells whether an attempt has failed, and does not only ask for something. */
	boolean isFailedAttempt(Outcome outcome, Throwable error) {
		boolean asked = outcome instanceof RetryAt && cause(error, RetryLaterException.class) != null;
		return !asked && (outcome instanceof RetryAt || outcome instanceof Archived);
	}

	/** Returns the outcome of an attempt that was cancelled. */
	Outcome cancelled(Run run, Throwable error) {
		return (this.options.onCancel() == OnCancel.RETRY) ? failed(run, error) : archived(run.message(), error);
	}

	/** Returns the outcome of a task that nobody can run. */
	Outcome archived(TaskMessage message, Throwable error) {
		return new Archived(message.failedUncounted(text(error), seconds()).encode());
	}

	/**
	 * Returns what stands for a record that cannot be read, so that tools can show it.
	 */
	static TaskMessage substitute(Attempt attempt) {
		return new TaskMessage(UNDECODABLE, attempt.delivery().message(), attempt.id(), attempt.queue(), 0, 0, "", 0, 0,
				"", 0, 0, 0, "", Map.of());
	}

	String text(Throwable error) {
		return ErrorText.of(error, this.options.maxErrorText());
	}

	private Duration delay(Run run, Throwable error) {
		Handler handler = run.handler();
		RetryDelay own = (handler != null) ? handler.policy().retryDelay() : null;
		RetryDelay rule = (own != null) ? own : this.options.retryDelay();
		try {
			Duration delay = rule.after(run.retried(), error, run);
			if (!delay.isNegative()) {
				return delay;
			}
			logger.warn("The retry delay of {} was {}; using the default", run, delay);
		}
		catch (RuntimeException ex) {
			logger.warn("The retry delay of {} cannot be determined; using the default", run, ex);
		}
		return RetryDelay.standard().after(run.retried(), error, run);
	}

	private boolean isFailure(Run run, Throwable error) {
		try {
			return this.options.failurePredicate().isFailure(error);
		}
		catch (RuntimeException ex) {
			logger.warn("The failure predicate failed for {}; counting a failure", run, ex);
			return true;
		}
	}

	private static boolean isNotRetried(@Nullable Handler handler, Throwable error) {
		List<Class<? extends Throwable>> types = (handler != null) ? handler.policy().noRetryFor() : List.of();
		return types.stream().anyMatch((type) -> cause(error, type) != null);
	}

	private static <T extends Throwable> @Nullable T cause(Throwable error, Class<T> type) {
		Throwable cause = error;
		for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
			cause = cause.getCause();
		}
		return null;
	}

	private Instant in(Duration delay) {
		return this.clock.instant().plus((delay.compareTo(LONGEST_DELAY) < 0) ? delay : LONGEST_DELAY);
	}

	private long seconds() {
		return this.clock.instant().getEpochSecond();
	}

}
