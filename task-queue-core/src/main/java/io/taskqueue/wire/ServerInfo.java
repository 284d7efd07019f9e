package io.taskqueue.wire;

import java.time.Instant;
import java.util.Map;

/**
 * asynq's {@code ServerInfo}: a worker process as the tools show it.
 *
 * @param host the host's name
 * @param pid the process id
 * @param serverId a random id
 * @param concurrency how many tasks it runs at once
 * @param queues its queues with their weights as configured
 * @param strictPriority whether the weights are strict priorities
 * @param status {@code new}, {@code active}, {@code stopped} or {@code closed}
 * @param startTime when it started
 * @param activeWorkerCount how many tasks it runs now
 */
public record ServerInfo(String host, int pid, String serverId, int concurrency, Map<String, Integer> queues,
		boolean strictPriority, String status, Instant startTime, int activeWorkerCount) {

	/** Returns {@code host:pid:serverId}, as in its keys. */
	public String token() {
		return this.host + ":" + this.pid + ":" + this.serverId;
	}

	/** Reads a record. */
	public static ServerInfo decode(byte[] bytes) {
		return FleetCodec.decodeServer(bytes);
	}

	/** Writes the record. */
	public byte[] encode() {
		return FleetCodec.encode(this);
	}

}
