package io.taskqueue.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Hands tasks to workers and takes them back. A fetched task belongs to the owner that
 * fetched it for as long as its lease is in place: every other method takes an owner and
 * changes nothing for a task that is no longer that owner's. All methods throw
 * {@link TaskQueueUnavailableException} when the effect is not known (repeat the batch
 * with the same id) and {@link TaskQueueRefusedException} when nothing was changed.
 */
public interface WorkBroker {

	/** How long a lease lasts unless it is renewed (asynq's constant). */
	Duration LEASE = Duration.ofSeconds(30);

	/**
	 * Takes the next tasks of a queue and leases them to the owner.
	 * @param queue the queue
	 * @param batch names the batch; repeated, it returns those of its tasks that are
	 * still the owner's
	 * @param owner the owner's token
	 * @param count how many at most
	 * @param suspects how many tasks that have crashed {@value #SUSPECT} times or more
	 * may be among them; further ones are put off for a second
	 */
	Fetched fetch(String queue, BatchId batch, String owner, int count, int suspects);

	/** From this many crashes in a row a task is a suspect. */
	int SUSPECT = 2;

	/**
	 * The tasks of one fetch.
	 *
	 * @param paused whether the queue is paused; there are no deliveries then
	 * @param deliveries the tasks, the one to run first at the front
	 */
	record Fetched(boolean paused, List<Delivery> deliveries) {
	}

	/** Removes done tasks, or keeps them for their retention, and frees their locks. */
	List<Settled> complete(String queue, BatchId batch, String owner, List<Completion> completions);

	/** Puts failed tasks into the retry set. */
	List<Settled> retry(String queue, BatchId batch, String owner, List<Retry> retries);

	/** Archives tasks for good and trims the archive to its limits. */
	List<Settled> archive(String queue, BatchId batch, String owner, List<Archival> archivals);

	/**
	 * Gives tasks back without using an attempt: to the head of the queue, the first of
	 * the list next to run, or put off until later, or to the end of the queue for other
	 * owners. A task that an owner put off for lack of a handler is not given to this
	 * owner again during its first two seconds back in the queue.
	 */
	List<Settled> release(String queue, BatchId batch, String owner, List<Release> releases);

	/**
	 * Extends the leases to {@link #LEASE} from now. A lease that is gone is not
	 * recreated.
	 * @return one answer per id, in their order
	 */
	List<Renewal> renew(String queue, String owner, List<String> ids);

	/**
	 * Stores a task's result.
	 * @return whether the task is still the owner's; if not, nothing is written
	 */
	boolean writeResult(String queue, String owner, String id, byte[] result);

	/** What became of one task of a batch. */
	enum Settled {

		/** As asked. */
		DONE,
		/** Nothing was changed: the task is no longer the owner's. */
		NOT_OURS

	}

	/** What became of one lease. */
	enum Renewal {

		/** Extended. */
		HELD,
		/** Gone: the task belongs to somebody else or nobody. */
		LOST,
		/** Extended, and someone asked for the task to be cancelled. */
		CANCELLED

	}

	/**
	 * A task that is done.
	 *
	 * @param id the task's id
	 * @param uniqueKey the lock to free if the task still owns it; empty for none
	 * @param retained the encoded record to keep; {@code null} to forget the task
	 * @param purgeAt until when to keep it; ignored unless retained
	 * @param result the result to keep with it; {@code null} to leave what is there
	 */
	record Completion(String id, String uniqueKey, byte @Nullable [] retained, Instant purgeAt,
			byte @Nullable [] result) {
	}

	/**
	 * A task to be tried again.
	 *
	 * @param id the task's id
	 * @param message the encoded record after the failure
	 * @param at when it is due
	 * @param failure whether it counts in the statistics
	 * @param evenIfCancelled whether it is tried again although somebody asked for it to
	 * be cancelled; archived otherwise
	 */
	record Retry(String id, byte[] message, Instant at, boolean failure, boolean evenIfCancelled) {

		/** A task to be tried again unless somebody asked for it to be cancelled. */
		public Retry(String id, byte[] message, Instant at, boolean failure) {
			this(id, message, at, failure, false);
		}

	}

	/**
	 * A task to be archived.
	 *
	 * @param id the task's id
	 * @param message the encoded record after the failure
	 */
	record Archival(String id, byte[] message) {
	}

	/**
	 * A task to be given back.
	 *
	 * @param id the task's id
	 * @param at when it is due; {@code null} for now, which is the head of the queue, or
	 * with a deferral its end
	 * @param deferral what to note for the next fetch; {@code null} for nothing
	 */
	record Release(String id, @Nullable Instant at, @Nullable Deferral deferral) {
	}

}
