package io.taskqueue.broker;

import java.util.List;
import java.util.Map;

/**
 * Reads what servers and schedulers, ours and asynq's, report of themselves.
 */
public interface SnapshotBroker {

	/** Returns the records of all servers that live. */
	List<Server> servers();

	/** Returns the records of scheduler entries, by the scheduler that shows them. */
	Map<String, List<byte[]>> schedulerEntries();

	/** Returns records of a scheduler entry's occurrences, newest first. */
	Events events(String entryId, long offset, int count);

	/**
	 * A server's records, undecoded.
	 *
	 * @param server the server
	 * @param workers its running tasks
	 */
	record Server(byte[] server, List<byte[]> workers) {
	}

	/**
	 * Occurrences of a scheduler entry.
	 *
	 * @param total how many are kept
	 * @param records some of them, undecoded
	 */
	record Events(long total, List<byte[]> records) {
	}

}
