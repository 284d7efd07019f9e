package io.taskqueue;

import java.util.Set;

/**
 * Pauses and resumes task types while the application runs. Tasks of a paused type are
 * not run; those that are fetched are left to other nodes at first, and then put off for
 * 5 s, doubling to a minute, without using an attempt. Tasks that run go on. After a
 * resume, tasks that were put off run within a minute. A worker that meets many paused
 * tasks fetches less from their queue, so a type that is paused often wants a queue of
 * its own; to pause everything in a queue, pause the queue.
 *
 * <p>
 * A type is a task type, or a prefix of task types as handlers are declared for:
 * {@code email} also pauses {@code email:send}. Thread-safe.
 */
public interface HandlerControl {

	/**
	 * Pauses a type on this node, until it is resumed or the process ends; at once.
	 * @throws IllegalArgumentException if the type is blank
	 */
	void pause(String type);

	/**
	 * Resumes what was paused on this node by the same text; without effect otherwise.
	 */
	void resume(String type);

	/**
	 * Pauses a type on all nodes of the namespace, until it is resumed; here at once,
	 * elsewhere within a few seconds. Kept in Redis, so nodes that start later heed it.
	 * @throws IllegalArgumentException if the type is blank
	 * @throws TaskQueueUnavailableException when Redis does not confirm; it may have been
	 * paused then
	 */
	void pauseEverywhere(String type);

	/**
	 * Resumes what was paused on all nodes by the same text; without effect otherwise.
	 * What is paused on single nodes stays so.
	 * @throws TaskQueueUnavailableException when Redis does not confirm; it may have been
	 * resumed then
	 */
	void resumeEverywhere(String type);

	/** Returns what is paused on this node alone; a copy. */
	Set<String> paused();

	/** Returns what is paused everywhere, as this node last read it; a copy. */
	Set<String> pausedEverywhere();

}
