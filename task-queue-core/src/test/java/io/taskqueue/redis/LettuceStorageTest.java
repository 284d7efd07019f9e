package io.taskqueue.redis;

import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Nested;

/**
 * The storage contract over Lettuce.
 */
class LettuceStorageTest {

	@Nested
	class Enqueue extends EnqueueContract {

		Enqueue() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Conflict extends ConflictContract {

		Conflict() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Fetch extends FetchContract {

		Fetch() {
			super(Storage.LETTUCE);
		}

	}

}
