package io.taskqueue.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A process that works on queues, ours or asynq's, as it reported itself within the last
 * ten seconds.
 *
 * @param host the host's name
 * @param pid the process id
 * @param id a random id
 * @param concurrency how many tasks it runs at a time
 * @param queues its queues with their weights; unmodifiable
 * @param strictPriority whether the weights are strict priorities
 * @param status {@code new}, {@code active}, {@code stopped} or {@code closed}
 * @param startedAt when it started
 * @param activeTasks how many tasks it runs
 * @param running those tasks; unmodifiable. May differ in number from
 * {@code activeTasks}, which was counted at another moment
 */
public record ServerDetails(String host, int pid, String id, int concurrency, Map<String, Integer> queues,
		boolean strictPriority, String status, Instant startedAt, int activeTasks, List<RunningTask> running) {

	/** Returns {@code host:pid:id}, which names the server in Redis. */
	public String token() {
		return this.host + ":" + this.pid + ":" + this.id;
	}

}
