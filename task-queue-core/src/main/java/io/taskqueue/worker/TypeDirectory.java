package io.taskqueue.worker;

/**
 * Knows which task types are handled somewhere in the fleet. A worker that has no handler
 * for a type puts the task off; once that has gone on for ten minutes it asks here
 * whether there is any hope, and archives the task if there is none. Called on handler
 * threads; may ask Redis.
 */
@FunctionalInterface
public interface TypeDirectory {

	/** Knows nothing, so that no task of an unknown type is ever archived. */
	TypeDirectory UNKNOWN = (queue, type) -> false;

	/**
	 * Tells whether it is certain that no live worker handles the type. Where that is not
	 * known, or the question fails, the task is put off again.
	 * @param queue the queue the task came from
	 * @param type the task's type
	 */
	boolean nobodyHandles(String queue, String type);

}
