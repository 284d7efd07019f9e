package io.taskqueue.client;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import org.jspecify.annotations.Nullable;

/**
 * One enqueue call in a {@link GroupCommit}. Two threads move its state, each by
 * compare-and-set: its own, which may give up, and the leader's.
 */
final class GroupMember {

	/** Where the call is. */
	enum State {

		/** In the queue of the group; not sent. */
		WAITING,
		/** Its thread leads the group. Nobody else touches it. */
		LEADING,
		/** In a batch that another thread sends. */
		SENT,
		/** End: the broker answered. */
		ANSWERED,
		/** End: the broker refused its batch. */
		REFUSED,
		/** End: not sent before its time was over. */
		WITHDRAWN,
		/** End: sent, but not confirmed before its time was over. */
		UNKNOWN

	}

	final Command command;

	/** The {@code nanoTime} at which the call has to end. */
	final long deadline;

	private final Thread thread = Thread.currentThread();

	private final AtomicReference<State> state;

	// Plain fields: written before the state that announces them, read after it

	/** The batch it was put into; {@code null} while it was not. */
	@Nullable GroupBatch batch;

	private @Nullable Answer answer;

	private @Nullable RuntimeException failure;

	GroupMember(Command command, long deadline, State state) {
		this.command = command;
		this.deadline = deadline;
		this.state = new AtomicReference<>(state);
	}

	State state() {
		return this.state.get();
	}

	boolean expired() {
		return this.deadline - System.nanoTime() <= 0;
	}

	/** Waits until there is something to do for its thread, or a while. */
	void park() {
		LockSupport.parkNanos(this, this.deadline - System.nanoTime());
	}

	/** The leader takes it into a batch, unless it has withdrawn. */
	boolean sendIn(GroupBatch batch) {
		this.batch = batch;
		return this.state.compareAndSet(State.WAITING, State.SENT);
	}

	/** The leader makes it the next leader, unless it has given up. */
	boolean promote() {
		State state = this.state.get();
		if ((state != State.WAITING && state != State.SENT) || !this.state.compareAndSet(state, State.LEADING)) {
			return false;
		}
		LockSupport.unpark(this.thread);
		return true;
	}

	/** The leader, of itself or another: answered. */
	void answered(Answer answer) {
		this.answer = answer;
		end(State.ANSWERED);
	}

	/** The leader, of itself or another: refused or unknown. */
	void failed(State end, RuntimeException failure) {
		this.failure = failure;
		end(end);
	}

	private void end(State end) {
		if (this.state.get() == State.LEADING) {
			this.state.set(end);
		}
		else if (this.state.compareAndSet(State.SENT, end)) {
			LockSupport.unpark(this.thread);
		}
	}

	/** Its own thread: stops waiting, unless something has happened meanwhile. */
	boolean giveUp() {
		State state = this.state.get();
		return switch (state) {
			case WAITING -> this.state.compareAndSet(state, State.WITHDRAWN);
			case SENT -> this.state.compareAndSet(state, State.UNKNOWN);
			case LEADING -> this.state.compareAndSet(state, (this.batch != null) ? State.UNKNOWN : State.WITHDRAWN);
			default -> false;
		};
	}

	Answer answer() {
		return Objects.requireNonNull(this.answer, "answered without an answer");
	}

	@Nullable RuntimeException failure() {
		return this.failure;
	}

}
