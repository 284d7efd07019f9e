package io.taskqueue.wire;

import org.jspecify.annotations.Nullable;

/**
 * The names of all keys, asynq's and the private ones beside them. The braces around the
 * queue's name are Redis Cluster's hash tag: all keys of a queue share a slot.
 */
public final class Keys {

	/** Set of all registered queues. */
	public static final String QUEUES = "asynq:queues";

	/** Sorted set of server records by expiry. */
	public static final String SERVERS = "asynq:servers";

	/** Sorted set of worker hashes by expiry. */
	public static final String WORKERS = "asynq:workers";

	/** Channel for the ids of tasks to be cancelled. */
	public static final String CANCEL = "asynq:cancel";

	/** Sorted set of lists of scheduler entries by expiry. */
	public static final String SCHEDULERS = "asynq:schedulers";

	private Keys() {
	}

	/** Returns the prefix of everything that belongs to a queue. */
	public static String queue(String queue) {
		return "asynq:{" + queue + "}:";
	}

	/** Returns the prefix of the queue's task hashes. */
	public static String taskPrefix(String queue) {
		return queue(queue) + "t:";
	}

	/** Returns the key of a task's hash. */
	public static String task(String queue, String id) {
		return taskPrefix(queue) + id;
	}

	/** Returns the key of a server's record. */
	public static String server(String token) {
		return "asynq:servers:{" + token + "}";
	}

	/** Returns the key of the records of a server's running tasks. */
	public static String workers(String token) {
		return "asynq:workers:{" + token + "}";
	}

	/** Returns the key of the list of a scheduler's entries. */
	public static String scheduler(String token) {
		return "asynq:schedulers:{" + token + "}";
	}

	/** Returns the key of the history of a scheduler entry. */
	public static String schedulerHistory(String entryId) {
		return "asynq:scheduler_history:" + entryId;
	}

	/** Returns the key of asynq's semaphore of a scope. */
	public static String semaphore(String scope) {
		return "asynq:sema:" + scope;
	}

	/** Returns the key of the task types that a namespace does not run for now. */
	public static String pausedTypes(String namespace) {
		return "taskqueue:" + namespace + ":paused";
	}

	/**
	 * Returns the prefix of the definitions of cron tasks. The hash tag gives all of them
	 * one slot and leaves them below what belongs to the namespace.
	 */
	public static String cron(String namespace) {
		return "taskqueue:" + namespace + ":{cron}:";
	}

	/**
	 * Returns the key of the lock of a unique task: asynq's rule, the MD5 of the payload,
	 * or nothing where there is no payload at all.
	 * @param payload the payload; {@code null} for none, which differs from an empty one
	 */
	public static String unique(String queue, String type, byte @Nullable [] payload) {
		return queue(queue) + "unique:" + type + ":" + ((payload != null) ? Digests.md5Hex(payload) : "");
	}

}
