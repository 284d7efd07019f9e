package io.taskqueue.inspect;

/**
 * What became of a request to run, archive or delete one of several tasks.
 */
public enum TaskChange {

	/** As asked. */
	DONE,
	/** There is no such task. */
	NOT_FOUND,
	/** A worker holds it; it can only be cancelled. */
	ACTIVE,
	/** It is pending or archived already. */
	ALREADY,
	/**
	 * It is not where its state says: it is just being handed over as part of an
	 * aggregation, or somebody has left it in disorder.
	 */
	ELSEWHERE

}
