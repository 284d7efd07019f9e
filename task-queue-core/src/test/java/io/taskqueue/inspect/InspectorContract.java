package io.taskqueue.inspect;

import java.time.Instant;

import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import redis.clients.jedis.Jedis;

/**
 * The words of tests of the inspector.
 */
abstract class InspectorContract extends StorageContract {

	/** The prefix of the queue's keys. */
	protected final String prefix = "asynq:{" + this.queue + "}:";

	/** What is tested. */
	protected final TaskInspector inspector;

	InspectorContract(Storage storage) {
		super(storage);
		this.inspector = new TaskInspector(this.broker.inspect(), this.broker.snapshots(), this.broker.control(),
				this.clock);
	}

	/** Returns a time some seconds after now, in whole seconds. */
	static Instant second(long after) {
		return Instant.ofEpochSecond(NOW_S + after);
	}

	/** Puts something of another type in place of one of the queue's keys. */
	void spoil(String name) {
		try (Jedis jedis = jedis()) {
			String key = this.prefix + name;
			boolean text = "string".equals(jedis.type(key));
			jedis.del(key);
			if (text) {
				jedis.rpush(key, "left");
			}
			else {
				jedis.set(key, "left");
			}
		}
	}

}
