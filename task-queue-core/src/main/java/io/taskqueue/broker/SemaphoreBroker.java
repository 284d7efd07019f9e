package io.taskqueue.broker;

import java.time.Instant;

import io.taskqueue.TaskQueueUnavailableException;

/**
 * Counts who holds a permit, over all servers. asynq's {@code x/rate} semaphore: a permit
 * is held in the name of a task and ends by itself when the task's time is over. Both
 * methods throw {@link TaskQueueUnavailableException} when the effect is not known;
 * repeating them does no harm.
 */
public interface SemaphoreBroker {

	/**
	 * Takes a permit for a task, or prolongs the one that it holds.
	 * @param scope what is limited
	 * @param permits how many tasks may hold one at a time
	 * @param id the task's id
	 * @param until when the permit ends by itself, in whole seconds, rounded down
	 * @return whether the task holds a permit now
	 */
	boolean acquire(String scope, int permits, String id, Instant until);

	/**
	 * Gives a permit back.
	 * @return whether the task held one
	 */
	boolean release(String scope, String id);

}
