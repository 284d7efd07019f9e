package io.taskqueue.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;

import io.taskqueue.TaskContext;
import io.taskqueue.handler.Handler;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * An attempt whose record was read, as its handler sees it. Immutable but for the state
 * of the attempt behind it.
 */
final class Run implements TaskContext {

	private static final int MAX_RESULT = 1 << 20;

	private final Attempt attempt;

	private final TaskMessage message;

	private final @Nullable Handler handler;

	private final Instant start;

	private final Instant deadline;

	private final long startNanos = System.nanoTime();

	/**
	 * Creates the view.
	 * @param attempt the attempt
	 * @param message its record
	 * @param handler {@code null} where there is none for the type
	 * @param now the time of day
	 */
	Run(Attempt attempt, TaskMessage message, @Nullable Handler handler, Instant now) {
		this.attempt = attempt;
		this.message = message;
		this.handler = handler;
		this.start = now;
		this.deadline = Deadlines.of(message, now);
	}

	TaskMessage message() {
		return this.message;
	}

	@Nullable Handler handler() {
		return this.handler;
	}

	Instant start() {
		return this.start;
	}

	Duration ran() {
		return Duration.ofNanos(System.nanoTime() - this.startNanos);
	}

	/** Tells whether the lease was lost, so that another attempt may be under way. */
	boolean isLost() {
		return this.attempt.interruption() == Interruption.LEASE_LOST;
	}

	boolean isOverdue() {
		return ran().compareTo(Duration.between(this.start, this.deadline)) >= 0;
	}

	@Override
	public String id() {
		return this.attempt.id();
	}

	@Override
	public String type() {
		return this.message.type();
	}

	@Override
	public String queue() {
		return this.attempt.queue();
	}

	@Override
	public byte[] payload() {
		return this.message.payload().clone();
	}

	@Override
	public Map<String, String> headers() {
		return Collections.unmodifiableMap(this.message.headers());
	}

	@Override
	public int retried() {
		return this.message.retried();
	}

	@Override
	public int maxRetry() {
		return this.message.retry();
	}

	@Override
	public @Nullable String lastError() {
		String error = this.message.errorMsg();
		return error.isEmpty() ? null : error;
	}

	@Override
	public Instant deadline() {
		return this.deadline;
	}

	@Override
	public boolean isInterrupted() {
		return this.attempt.interruption() != null;
	}

	@Override
	public void writeResult(byte[] result) {
		if (result.length > MAX_RESULT) {
			throw new IllegalArgumentException(
					"the result of %s has %d bytes, more than %d".formatted(this, result.length, MAX_RESULT));
		}
		if (!this.attempt.writeResult(result)) {
			throw new IllegalStateException("no result can be written for %s: the attempt has ended".formatted(this));
		}
	}

	@Override
	public String toString() {
		return "task '%s' of queue '%s' (%s, attempt %d of %d)".formatted(id(), queue(), type(), retried() + 1,
				Math.max(maxRetry(), 0) + 1);
	}

}
