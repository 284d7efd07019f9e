package io.taskqueue.inspect;

import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Nested;

/**
 * The inspector over Lettuce.
 */
class TaskInspectorLettuceTest {

	@Nested
	class Queues extends QueueContract {

		Queues() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Tasks extends TaskContract {

		Tasks() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Pages extends PagingContract {

		Pages() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Snapshots extends SnapshotContract {

		Snapshots() {
			super(Storage.LETTUCE);
		}

	}

}
