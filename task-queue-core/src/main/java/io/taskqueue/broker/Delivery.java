package io.taskqueue.broker;

import org.jspecify.annotations.Nullable;

/**
 * A fetched task, held by one owner under a lease.
 *
 * @param queue the queue it came from
 * @param id the task's id
 * @param message the encoded record, to be decoded where it is run
 * @param crashes how many workers in a row died while they held it
 * @param deferral what the last deferral noted; {@code null} for none
 */
public record Delivery(String queue, String id, byte[] message, int crashes, @Nullable Deferral deferral) {
}
