package io.taskqueue.worker;

import java.time.Duration;
import java.time.Instant;

import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.handler.Handler;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * One delivery from its fetch to its acknowledgement.
 * <p>
 * The state is guarded by this object's monitor, which is never held while anything else
 * is called, except for interrupting the handler's thread: the thread leaves under the
 * same monitor, so an interrupt never hits the task that runs on it next.
 */
final class Attempt {

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

	// Used by one thread after another, which hand the attempt over
	private @Nullable TaskMessage message;

	private enum State {

		/** Fetched, not begun. */
		WAITING,
		/** On a thread, or about to be settled by it. */
		RUNNING,
		/** To be settled as its interruption says, whatever the handler does. */
		INTERRUPTED,
		/** One thread decides its outcome. */
		CLAIMED,
		/** Has its outcome, which waits to be acknowledged. */
		SETTLED,
		/**
		 * Its outcome is on the way; only the broker's answer tells what became of it.
		 */
		SENT,
		/** Its lease is gone; nothing of it is sent any more. */
		LOST

	}

	/**
	 * Creates an attempt.
	 * @param fetchedAt when the delivery was asked for, by nanoTime: its answer may have
	 * been on the way for long
	 */
	Attempt(Delivery delivery, String owner, WorkBroker broker, TypeTally tally, long fetchedAt) {
		this.delivery = delivery;
		this.fetchedAt = fetchedAt;
		this.owner = owner;
		this.broker = broker;
		this.tally = tally;
	}

	Delivery delivery() {
		return this.delivery;
	}

	String queue() {
		return this.delivery.queue();
	}

	String id() {
		return this.delivery.id();
	}

	TypeTally tally() {
		return this.tally;
	}

	boolean isSuspect() {
		return this.delivery.crashes() >= WorkBroker.SUSPECT;
	}

	/** Returns when it was asked for, by nanoTime; no two attempts of a queue alike. */
	long fetchedAt() {
		return this.fetchedAt;
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

	/**
	 * Returns the record.
	 * @throws IllegalArgumentException when it cannot be read
	 */
	TaskMessage message() {
		TaskMessage message = this.message;
		if (message == null) {
			message = TaskMessage.decode(this.delivery.message());
			this.message = message;
		}
		return message;
	}

	/** Notes what is known once the record was read. */
	Run read(TaskMessage message, @Nullable Handler handler, Instant now) {
		Run run = new Run(this, message, handler, now);
		this.run = run;
		return run;
	}

	/** Returns what is known once the record was read. */
	@Nullable Run run() {
		return this.run;
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
			this.state = State.CLAIMED;
			return true;
		}
		return false;
	}

	/** The claimed outcome is with the acknowledger. */
	synchronized void handedOver() {
		if (this.state == State.CLAIMED) {
			this.state = State.SETTLED;
		}
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

	/** Tells whether the acknowledger still has to wait for its outcome. */
	synchronized boolean isOutstanding() {
		return isUnsettled() || this.state == State.CLAIMED;
	}

	synchronized boolean isUnsettled() {
		return this.state == State.WAITING || this.state == State.RUNNING || this.state == State.INTERRUPTED;
	}

	synchronized boolean isOverdue() {
		Run run = this.run;
		return this.state == State.RUNNING && run != null && run.isOverdue();
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

	/** Stores the handler's result, unless the attempt has ended. */
	boolean writeResult(byte[] result) {
		Interruption reason = this.interruption;
		boolean ended = !isUnsettled() || (reason != null && reason != Interruption.SHUTDOWN);
		return !ended && this.broker.writeResult(queue(), this.owner, id(), result);
	}

	@Override
	public String toString() {
		Run run = this.run;
		return (run != null) ? run.toString() : "task '%s' of queue '%s'".formatted(id(), queue());
	}

}
