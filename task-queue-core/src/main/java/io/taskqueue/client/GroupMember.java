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
		return Objects.requireNonNull(this.state.get());
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
		return move(State.WAITING, State.SENT);
	}

	/** The leader makes it the next leader, unless it has given up. */
	boolean promote() {
		boolean promoted = move(State.WAITING, State.LEADING) || move(State.SENT, State.LEADING);
		if (promoted) {
			LockSupport.unpark(this.thread);
		}
		return promoted;
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
		if (!move(State.LEADING, end) && move(State.SENT, end)) {
			LockSupport.unpark(this.thread);
		}
	}

	/** Its own thread stops waiting, unless it leads or has its end by now. */
	void giveUp() {
		// In the order in which a member moves, so that it is not missed on its way
		if (!move(State.WAITING, State.WITHDRAWN)) {
			move(State.SENT, State.UNKNOWN);
		}
	}

	/** Its own thread, leading, does not send. */
	void stepDown() {
		move(State.LEADING, (this.batch != null) ? State.UNKNOWN : State.WITHDRAWN);
	}

	private boolean move(State from, State to) {
		return this.state.compareAndSet(from, to);
	}

	Answer answer() {
		return Objects.requireNonNull(this.answer, "answered without an answer");
	}

	@Nullable RuntimeException failure() {
		return this.failure;
	}

}
