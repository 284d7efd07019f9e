package io.taskqueue.broker;

import java.time.Instant;
import java.util.List;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Stores new tasks.
 */
public interface EnqueueBroker {

	/**
	 * Stores tasks of one queue in one atomic step, in their order, and registers the
	 * queue.
	 * @param queue the queue
	 * @param batch names the batch; repeating it is safe
	 * @param commands what to store
	 * @return one answer per command, in their order
	 * @throws TaskQueueUnavailableException when it is not known whether the batch was
	 * stored; repeat it with the same id to learn that
	 * @throws TaskQueueRefusedException when Redis refused the batch as a whole; nothing
	 * of it was stored
	 */
	List<Answer> enqueue(String queue, BatchId batch, List<Command> commands);

	/**
	 * One task to store.
	 *
	 * @param id the task's id
	 * @param message the encoded record
	 * @param processAt when it is due; {@code null} for now
	 * @param onConflict what to do when the id is taken
	 * @param uniqueKey the full key of its unique lock; empty for none
	 * @param uniqueSeconds how long the lock lasts at most; positive where there is one
	 * @param group the aggregation group that it joins when it is due; empty for none
	 */
	record Command(String id, byte[] message, @Nullable Instant processAt, OnConflict onConflict, String uniqueKey,
			long uniqueSeconds, String group) {

		/** A task of no aggregation group. */
		public Command(String id, byte[] message, @Nullable Instant processAt, OnConflict onConflict, String uniqueKey,
				long uniqueSeconds) {
			this(id, message, processAt, onConflict, uniqueKey, uniqueSeconds, "");
		}

	}

	/**
	 * What became of a command.
	 *
	 * @param outcome created, replaced, kept, next, conflict or duplicate
	 * @param state where the task with the id is now; {@code null} if there is none
	 */
	record Answer(Enqueued outcome, @Nullable TaskState state) {
	}

}
