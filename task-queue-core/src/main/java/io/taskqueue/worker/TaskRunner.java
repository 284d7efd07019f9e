package io.taskqueue.worker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.wire.TaskMessage;
import io.taskqueue.worker.Outcome.Completed;
import io.taskqueue.worker.Outcome.Released;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one attempt: read the record, find the handler, call it, turn however it ends into
 * one outcome, hand that to the acknowledger.
 */
final class TaskRunner {

	private static final Logger logger = LoggerFactory.getLogger(TaskRunner.class);

	private static final Duration WAIT_FOR_ROOM = Duration.ofMillis(600);

	private static final Duration WAIT_AFTER_ACCIDENT = Duration.ofSeconds(5);

	private final HandlerRegistry handlers;

	private final InterceptorChain chain;

	private final DecoratedCall decorated;

	private final HandlerLimits limits;

	private final Deferrals deferrals;

	private final Predicate<String> paused;

	private final ErrorHandlers errorHandlers;

	private final Failures failures;

	private final Acknowledger acknowledger;

	private final WorkerListener listener;

	private final Clock clock;

	/** An outcome and what led to it. */
	private record Verdict(Outcome outcome, @Nullable Throwable error) {

		Verdict(Outcome outcome) {
			this(outcome, null);
		}

	}

	TaskRunner(HandlerRegistry handlers, SemaphoreBroker semaphores, WorkerHooks hooks, Failures failures,
			Acknowledger acknowledger, WorkerListener listener, Clock clock) {
		this.handlers = handlers;
		this.chain = new InterceptorChain(hooks.interceptors());
		this.decorated = new DecoratedCall(hooks.decorator());
		this.limits = new HandlerLimits(semaphores);
		this.deferrals = new Deferrals(hooks.types(), failures, clock);
		this.paused = hooks.paused();
		this.errorHandlers = new ErrorHandlers(hooks.errorHandlers());
		this.failures = failures;
		this.acknowledger = acknowledger;
		this.listener = listener;
		this.clock = clock;
	}

	/** Returns the executor of the task's handler; {@code null} for the worker's. */
	@Nullable Executor executorOf(Attempt attempt) {
		try {
			Handler handler = this.handlers.find(attempt.message().type());
			return (handler != null) ? handler.policy().executor() : null;
		}
		catch (IllegalArgumentException ex) {
			// A record that cannot be read; dealt with when it is run
			return null;
		}
	}

	/** Puts off a task that its handler's executor does not take. */
	void putOff(Attempt attempt) {
		if (attempt.settle()) {
			this.acknowledger.settle(attempt, new Released(aLittleLater(this.clock.instant()), null));
		}
	}

	void run(Attempt attempt) {
		if (!attempt.begin()) {
			return;
		}
		Verdict verdict;
		try {
			verdict = perform(attempt);
		}
		catch (Throwable ex) {
			logger.error("{} could not be run; trying again in {}", attempt, WAIT_AFTER_ACCIDENT, ex);
			verdict = new Verdict(new Released(this.clock.instant().plus(WAIT_AFTER_ACCIDENT), null), ex);
		}
		finally {
			attempt.leave();
		}
		if (attempt.settle()) {
			finish(attempt, verdict);
		}
		else {
			logger.debug("{} was decided before its handler came back", attempt);
		}
	}

	/** Settles an attempt whose handler does not come back, and leaves it behind. */
	void runOutOfPatience(Attempt attempt) {
		Run run = attempt.run();
		if (run != null && attempt.settleWithoutHandler()) {
			finish(attempt, interrupted(run, attempt.interruption(), null));
		}
	}

	private Verdict perform(Attempt attempt) {
		TaskMessage message;
		try {
			message = attempt.message();
		}
		catch (IllegalArgumentException ex) {
			return undecodable(attempt, ex);
		}
		Handler handler = this.handlers.find(message.type());
		Run run = attempt.read(message, handler, this.clock.instant());
		boolean isPaused = handler != null && this.paused.test(message.type());
		attempt.tally().count(handler != null && !isPaused);
		if (handler == null) {
			return new Verdict(this.deferrals.unknownType(run, attempt.delivery().deferral()));
		}
		if (isPaused) {
			return new Verdict(this.deferrals.paused(run, attempt.delivery().deferral()));
		}
		if (!run.deadline().isAfter(run.start())) {
			return failed(run, ErrorText.timeout());
		}
		if (!this.limits.enter(handler, run)) {
			return new Verdict(new Released(aLittleLater(run.start()), null));
		}
		try {
			return call(attempt, run, handler);
		}
		finally {
			this.limits.leave(handler, run);
		}
	}

	private static Instant aLittleLater(Instant now) {
		return now.plusNanos(Backoff.jittered(WAIT_FOR_ROOM.toNanos()));
	}

	private Verdict call(Attempt attempt, Run run, Handler handler) {
		Object result = null;
		Throwable error = null;
		try {
			if (run.isInterrupted()) {
				throw new InterruptedException("interrupted before the handler was called");
			}
			this.listener.started(run);
			result = this.decorated.call(() -> this.chain.call(run, handler.function()));
		}
		catch (Throwable ex) {
			error = ex;
		}
		// From here on nobody interrupts this thread any more, and the reason is final
		attempt.leave();
		if (error instanceof OutOfMemoryError) {
			logger.error("Out of memory in the handler {} of {}", handler.source(), run, error);
		}
		Interruption reason = attempt.interruption();
		if (error == null && (reason == null || reason == Interruption.SHUTDOWN)) {
			return completed(run, result);
		}
		return (error != null && reason == null) ? failed(run, error) : interrupted(run, reason, error);
	}

	private Verdict completed(Run run, @Nullable Object result) {
		TaskMessage message = run.message();
		if (message.retention() <= 0) {
			return new Verdict(new Completed(message.uniqueKey(), null, Instant.EPOCH, null));
		}
		Instant now = this.clock.instant();
		byte[] retained = message.completed(now.getEpochSecond()).encode();
		return new Verdict(new Completed(message.uniqueKey(), retained, now.plusSeconds(message.retention()),
				(result instanceof byte[] bytes) ? bytes : null));
	}

	private Verdict failed(Run run, Throwable error) {
		return new Verdict(this.failures.failed(run, error), error);
	}

	/** What the handler made of the interrupt does not count, except at a shutdown. */
	private Verdict interrupted(Run run, @Nullable Interruption reason, @Nullable Throwable error) {
		if (reason == Interruption.TIMEOUT) {
			return failed(run, because(ErrorText.timeout(), error));
		}
		if (reason == Interruption.CANCELLED) {
			Throwable cancelled = because(ErrorText.cancelled(), error);
			return new Verdict(this.failures.cancelled(run, cancelled), cancelled);
		}
		Outcome wanted = (error != null) ? this.failures.wanted(run, error) : null;
		return new Verdict((wanted != null) ? wanted : Released.TO_THE_HEAD, error);
	}

	private static Throwable because(Throwable error, @Nullable Throwable handlers) {
		if (handlers != null) {
			// Not as the cause: the handler's exceptions no longer steer anything
			error.addSuppressed(handlers);
		}
		return error;
	}

	private Verdict undecodable(Attempt attempt, IllegalArgumentException error) {
		TaskMessage substitute = Failures.substitute(attempt);
		attempt.read(substitute, null, this.clock.instant());
		attempt.tally().count(true);
		return new Verdict(this.failures.archived(substitute, error), error);
	}

	private void finish(Attempt attempt, Verdict verdict) {
		Outcome outcome = verdict.outcome();
		Throwable error = verdict.error();
		Run run = attempt.run();
		if (run != null && error != null && this.failures.isFailedAttempt(outcome, error)) {
			this.errorHandlers.tell(run, error);
		}
		this.acknowledger.settle(attempt, outcome);
		if (error != null && outcome instanceof Outcome.Archived) {
			logger.error("{} is archived", attempt, error);
		}
		else if (error != null && outcome instanceof Outcome.RetryAt retry) {
			logger.warn("{} runs again at {}: {}", attempt, retry.at(), this.failures.text(error));
			logger.debug("{} failed", attempt, error);
		}
		if (run != null) {
			this.listener.ended(run, outcome.ending(), error, run.ran());
		}
	}

}
