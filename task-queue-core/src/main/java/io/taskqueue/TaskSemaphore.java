package io.taskqueue;

import java.util.Optional;

/**
 * Limits how many tasks do something at the same time, over all servers, those in Go
 * included (asynq's {@code x/rate} semaphore: the same scope counts together). A permit
 * is held in the name of a task and ends by itself at the attempt's deadline, so that the
 * permits of servers that died come back; a task whose handler goes on after its deadline
 * no longer counts. Thread-safe.
 */
public interface TaskSemaphore {

	/**
	 * Takes a permit, without waiting for one. A task that holds one gets it again, and
	 * it still counts once.
	 * @param task the attempt that wants it
	 * @return the permit, to be closed when done; empty if all are taken, for example to
	 * throw a {@link RetryLaterException} then
	 * @throws TaskQueueUnavailableException when Redis does not answer; a permit that was
	 * taken nevertheless ends by itself
	 */
	Optional<Permit> tryAcquire(TaskContext task);

	/** A permit. */
	interface Permit extends AutoCloseable {

		/**
		 * Gives the permit back; from the second time on without effect. Never throws:
		 * where Redis does not answer, the permit ends by itself.
		 */
		@Override
		void close();

	}

}
