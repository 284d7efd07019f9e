package io.taskqueue.inspect;

import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Nested;

/**
 * The inspector over Jedis.
 */
class TaskInspectorJedisTest {

	@Nested
	class Queues extends QueueContract {

		Queues() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Tasks extends TaskContract {

		Tasks() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Pages extends PagingContract {

		Pages() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Snapshots extends SnapshotContract {

		Snapshots() {
			super(Storage.JEDIS);
		}

	}

}
