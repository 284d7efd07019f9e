package io.taskqueue.inspect;

import java.time.Instant;

/**
 * A task in the hands of a server, as that server reported it.
 *
 * @param queue the queue
 * @param id the task's id
 * @param type the task's type
 * @param payload the payload, or its beginning; not copied, do not change it
 * @param startedAt when the attempt started
 * @param deadline when the attempt must end
 */
public record RunningTask(String queue, String id, String type, byte[] payload, Instant startedAt, Instant deadline) {
}
