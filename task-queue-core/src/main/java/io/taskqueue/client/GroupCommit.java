package io.taskqueue.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;
import io.taskqueue.client.GroupMember.State;
import org.jspecify.annotations.Nullable;

/**
 * Lets the enqueue calls of many threads to one queue share batches. There is no thread
 * and no timer: a caller that finds nobody sending becomes the leader and sends at once;
 * those that come meanwhile wait, and when the leader has its answer the first of them
 * leads and sends what has gathered. A leader sends one batch, its own call in it.
 * <p>
 * A leader whose time is over before its batch is confirmed hands the batch on, under the
 * same id, to a member that has time left; so nobody fails early because of an older
 * neighbour.
 */
final class GroupCommit {

	private final String queue;

	private final BatchSender sender;

	private final ReentrantLock lock = new ReentrantLock();

	/** Calls that wait to be sent, oldest first. Guarded by the lock. */
	private final Deque<GroupMember> waiting = new ArrayDeque<>();

	/** Whether some thread leads; if not, nobody waits. Guarded by the lock. */
	private boolean led;

	// One lane for good, also after a batch that was never confirmed. The next batch has
	// a
	// higher number, after which the broker refuses the old one: should it still be on
	// its way, it is executed before the next batch or never. On a new lane nothing would
	// stop it from coming in late, after its caller has repeated the task with the same
	// id and that task has long run. The old answer cannot be taken for the new one
	// either, because answers are found by number. Used by the leader only.
	private final Lane lane = new Lane();

	GroupCommit(String queue, BatchSender sender) {
		this.queue = queue;
		this.sender = sender;
	}

	/**
	 * Sends the command, alone or with others.
	 * @throws TaskQueueUnavailableException when it was not confirmed in time; the
	 * message says whether it was sent
	 * @throws TaskQueueRefusedException when the broker refused it
	 */
	Answer enqueue(Command command) {
		GroupMember member = join(command);
		boolean interrupted = false;
		try {
			while (member.state() == State.WAITING || member.state() == State.SENT) {
				member.park();
				interrupted |= Thread.interrupted();
				if (member.expired()) {
					member.giveUp();
				}
			}
			if (member.state() == State.WITHDRAWN) {
				leave(member);
			}
			if (member.state() == State.LEADING) {
				lead(member);
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		return outcome(member);
	}

	private GroupMember join(Command command) {
		long deadline = this.sender.deadline();
		this.lock.lock();
		try {
			if (this.led) {
				GroupMember member = new GroupMember(command, deadline, State.WAITING);
				this.waiting.add(member);
				return member;
			}
			this.led = true;
			return new GroupMember(command, deadline, State.LEADING);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void leave(GroupMember member) {
		this.lock.lock();
		try {
			this.waiting.remove(member);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void lead(GroupMember leader) {
		GroupBatch unsettled = leader.batch;
		try {
			if (leader.expired()) {
				leader.stepDown();
				return;
			}
			unsettled = (unsettled != null) ? unsettled : collect(leader);
			unsettled = send(unsettled, leader) ? null : unsettled;
		}
		finally {
			handOver(unsettled);
		}
	}

	private GroupBatch collect(GroupMember leader) {
		GroupBatch batch = new GroupBatch(this.lane.next());
		leader.batch = batch;
		batch.add(leader);
		this.lock.lock();
		try {
			GroupMember next = this.waiting.peek();
			while (next != null && this.sender.fits(batch.members().size(), batch.bytes(), next.command)) {
				this.waiting.remove();
				if (next.sendIn(batch)) {
					batch.add(next);
				}
				next = this.waiting.peek();
			}
		}
		finally {
			this.lock.unlock();
		}
		return batch;
	}

	/** Returns whether every member of the batch knows its end. */
	private boolean send(GroupBatch batch, GroupMember leader) {
		try {
			batch.answered(this.sender.send(this.queue, batch.id(), batch.commands(), leader.deadline));
			return true;
		}
		catch (TaskQueueUnavailableException ex) {
			leader.failed(State.UNKNOWN, ex);
			batch.handOn();
			return false;
		}
		catch (RuntimeException ex) {
			batch.failed(ex);
			return true;
		}
	}

	/**
	 * Makes another thread the leader: one of the batch that is not settled, else the one
	 * that has waited longest. A batch that nobody waits for any more is dropped.
	 */
	private void handOver(@Nullable GroupBatch unsettled) {
		this.lock.lock();
		try {
			if (unsettled != null && promoteOne(unsettled)) {
				return;
			}
			GroupMember next = this.waiting.poll();
			while (next != null && !next.promote()) {
				next = this.waiting.poll();
			}
			this.led = next != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private static boolean promoteOne(GroupBatch batch) {
		for (GroupMember member : batch.members()) {
			if (member.promote()) {
				return true;
			}
		}
		return false;
	}

	private Answer outcome(GroupMember member) {
		String id = member.command.id();
		Throwable cause = member.failure();
		return switch (member.state()) {
			case ANSWERED -> member.answer();
			case REFUSED -> throw this.sender.refused(this.queue, id, cause);
			case WITHDRAWN -> throw this.sender.notSent(this.queue, id);
			default -> throw this.sender.unknown(this.queue, id, cause);
		};
	}

}
