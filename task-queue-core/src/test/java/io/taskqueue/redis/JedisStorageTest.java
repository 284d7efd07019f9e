package io.taskqueue.redis;

import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Nested;

/**
 * The storage contract over Jedis.
 */
class JedisStorageTest {

	@Nested
	class Enqueue extends EnqueueContract {

		Enqueue() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Conflict extends ConflictContract {

		Conflict() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Fetch extends FetchContract {

		Fetch() {
			super(Storage.JEDIS);
		}

	}

}
