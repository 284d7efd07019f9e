package io.taskqueue.broker;

import java.util.UUID;

/**
 * Numbers the batches of one sender. Not thread-safe: a lane has one batch in flight, so
 * its owner sends one after another anyway.
 */
public final class Lane {

	private final String id = UUID.randomUUID().toString();

	private long number;

	/** Returns the id of the next batch. */
	public BatchId next() {
		return new BatchId(this.id, ++this.number);
	}

}
