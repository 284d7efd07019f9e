package io.taskqueue.worker;

/**
 * Why an attempt has to end early.
 */
enum Interruption {

	/** It took longer than its timeout, or the task's deadline has come. */
	TIMEOUT,
	/** Somebody asked for it. */
	CANCELLED,
	/** The task is another worker's now. */
	LEASE_LOST,
	/** The worker stops. */
	SHUTDOWN

}
