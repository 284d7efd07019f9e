package io.taskqueue.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;

import io.taskqueue.TaskContext;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.handler.Handler;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * One delivery from its fetch to its acknowledgement, and what its handler sees of it.
 * <p>
 * The state is guarded by this object's monitor, which is never held while anything else
 * is called, except for interrupting the handler's thread: the thread leaves under the
 * same monitor, so an interrupt never hits the task that runs on it next.
 */
final class Attempt implements TaskContext {

	private static final int MAX_RESULT = 1 << 20;

	private final Delivery delivery;

	private final String owner;

	private final WorkBroker broker;

	private final TypeTally tally;

	private final long fetchedAt;

	private State state = State.WAITING;

	private @Nullable Thread thread;

	private long interruptedAt;

	private boolean stuck;

	private volatile @Nullable Interruption interruption;

	// Set by the handler's thread before the handler is called
	private volatile @Nullable Run run;

	private enum State {

		/** Fetched, not begun. */
		WAITING,
		/** On a thread, or about to be settled by it. */
		RUNNING,
		/** To be settled as its interruption says, whatever the handler does. */
		INTERRUPTED,
		/** Has its outcome, which waits to be acknowledged. */
		SETTLED,
		/**
		 * Its outcome is on the way; only the broker's answer tells what became of it.
		 */
		SENT,
		/** Its lease is gone; nothing of it is sent any more. */
		LOST

	}

	/** Why an attempt has to end early. */
	enum Interruption {

		TIMEOUT, CANCELLED, LEASE_LOST, SHUTDOWN

	}

	/**
	 * What is known once the record was read.
	 *
	 * @param handler {@code null} where there is none for the type
	 */
	private record Run(TaskMessage message, @Nullable Handler handler, Instant start, long startNanos, Instant deadline,
			long deadlineNanos) {
	}

	/**
	 * Creates an attempt.
	 * @param fetchedAt when the delivery was asked for, by nanoTime: its answer may have
	 * been on the way for long
	 */
	Attempt(Delivery delivery, long fetchedAt, String owner, WorkBroker broker, TypeTally tally) {
		this.delivery = delivery;
		this.fetchedAt = fetchedAt;
		this.owner = owner;
		this.broker = broker;
		this.tally = tally;
	}

	Delivery delivery() {
		return this.delivery;
	}

	TypeTally tally() {
		return this.tally;
	}

	boolean isSuspect() {
		return this.delivery.crashes() >= WorkBroker.SUSPECT;
	}

	/** Returns for how long the task may have been ours, in nanoseconds. */
	long age() {
		return System.nanoTime() - this.fetchedAt;
	}

	/**
	 * Enters the current thread.
	 * @return whether the attempt may begin; not if it was lost or given back
	 */
	synchronized boolean begin() {
		if (this.state == State.WAITING) {
			this.state = State.RUNNING;
		}
		if (this.state != State.RUNNING && this.state != State.INTERRUPTED) {
			return false;
		}
		this.thread = Thread.currentThread();
		return true;
	}

	/** Notes what is known once the record was read. */
	void read(TaskMessage message, @Nullable Handler handler, Instant now) {
		Instant deadline = Deadlines.of(message, now);
		long nanos = System.nanoTime();
		this.run = new Run(message, handler, now, nanos, deadline, nanos + Duration.between(now, deadline).toNanos());
	}

	/** Leaves the thread, without a trace of an interrupt. */
	synchronized void leave() {
		this.thread = null;
		Thread.interrupted();
	}

	/**
	 * Makes the attempt end early, unless it is about to end anyway. The first reason
	 * counts.
	 */
	synchronized void interrupt(Interruption reason) {
		boolean leaving = this.state == State.RUNNING && this.thread == null;
		if ((this.state == State.WAITING || this.state == State.RUNNING) && !leaving) {
			this.state = State.INTERRUPTED;
			interruptThread(reason);
		}
	}

	/**
	 * The lease is gone: forgets the outcome unless it is on the way.
	 * @return whether that was news
	 */
	synchronized boolean lose() {
		if (this.state == State.SENT || this.state == State.LOST) {
			return false;
		}
		this.state = State.LOST;
		interruptThread(Interruption.LEASE_LOST);
		return true;
	}

	private void interruptThread(Interruption reason) {
		this.interruption = reason;
		this.interruptedAt = System.nanoTime();
		if (this.thread != null) {
			this.thread.interrupt();
		}
	}

	/** Claims the right to decide the outcome. True for exactly one caller, at most. */
	synchronized boolean settle() {
		if (this.state == State.WAITING || this.state == State.RUNNING || this.state == State.INTERRUPTED) {
			this.state = State.SETTLED;
			return true;
		}
		return false;
	}

	/** Claims it in place of a handler that was interrupted and has not come back. */
	synchronized boolean settleWithoutHandler() {
		return this.state == State.INTERRUPTED && this.thread != null && settle();
	}

	/** Puts the outcome on its way, unless the lease was lost meanwhile. */
	synchronized boolean send() {
		if (this.state == State.SETTLED) {
			this.state = State.SENT;
			return true;
		}
		return false;
	}

	/** Takes it back because the broker refused it. */
	synchronized void takeBack() {
		this.state = State.SETTLED;
	}

	synchronized boolean isUnsettled() {
		return this.state == State.WAITING || this.state == State.RUNNING || this.state == State.INTERRUPTED;
	}

	synchronized boolean isOverdue() {
		Run run = this.run;
		return this.state == State.RUNNING && run != null && System.nanoTime() - run.deadlineNanos >= 0;
	}

	/** Tells once that the handler has not come back in time after an interrupt. */
	synchronized boolean becomesStuck(Duration grace) {
		if (this.stuck || this.thread == null || this.interruption == null
				|| System.nanoTime() - this.interruptedAt < grace.toNanos()) {
			return false;
		}
		this.stuck = true;
		return true;
	}

	synchronized boolean isStuck() {
		return this.stuck && this.thread != null;
	}

	synchronized StackTraceElement[] stack() {
		return (this.thread != null) ? this.thread.getStackTrace() : new StackTraceElement[0];
	}

	@Nullable Interruption interruption() {
		return this.interruption;
	}

	/** Tells whether the record was read, before which most of the below fails. */
	boolean isRead() {
		return this.run != null;
	}

	TaskMessage message() {
		return run().message;
	}

	@Nullable Handler handler() {
		return run().handler;
	}

	Instant start() {
		return run().start;
	}

	Duration ran() {
		return Duration.ofNanos(System.nanoTime() - run().startNanos);
	}

	private Run run() {
		Run run = this.run;
		if (run == null) {
			throw new IllegalStateException("the record of " + this + " was not read yet");
		}
		return run;
	}

	@Override
	public String id() {
		return this.delivery.id();
	}

	@Override
	public String type() {
		return message().type();
	}

	@Override
	public String queue() {
		return this.delivery.queue();
	}

	@Override
	public byte[] payload() {
		return message().payload().clone();
	}

	@Override
	public Map<String, String> headers() {
		return Collections.unmodifiableMap(message().headers());
	}

	@Override
	public int retried() {
		return message().retried();
	}

	@Override
	public int maxRetry() {
		return message().retry();
	}

	@Override
	public @Nullable String lastError() {
		String error = message().errorMsg();
		return error.isEmpty() ? null : error;
	}

	@Override
	public Instant deadline() {
		return run().deadline;
	}

	@Override
	public boolean isInterrupted() {
		return this.interruption != null;
	}

	@Override
	public void writeResult(byte[] result) {
		if (result.length > MAX_RESULT) {
			throw new IllegalArgumentException(
					"the result of %s has %d bytes, more than %d".formatted(this, result.length, MAX_RESULT));
		}
		Interruption reason = this.interruption;
		boolean over = !isUnsettled() || (reason != null && reason != Interruption.SHUTDOWN);
		if (over || !this.broker.writeResult(queue(), this.owner, id(), result)) {
			throw new IllegalStateException("no result can be written for %s: the attempt has ended".formatted(this));
		}
	}

	@Override
	public String toString() {
		Run run = this.run;
		String task = "task '%s' of queue '%s'".formatted(this.delivery.id(), this.delivery.queue());
		return (run == null) ? task : "%s (%s, attempt %d of %d)".formatted(task, run.message.type(),
				run.message.retried() + 1, Math.max(run.message.retry(), 0) + 1);
	}

}
