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

	@Nested
	class Operators extends OperatorContract {

		Operators() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Control extends ControlContract {

		Control() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Cancel extends CancelContract {

		Cancel() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Deferrals extends DeferralContract {

		Deferrals() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Settle extends SettleContract {

		Settle() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class ArchiveTrim extends ArchiveTrimContract {

		ArchiveTrim() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class FollowUp extends FollowUpContract {

		FollowUp() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Fencing extends FencingContract {

		Fencing() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Repeat extends RepeatContract {

		Repeat() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class WrongType extends WrongTypeContract {

		WrongType() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Promote extends PromoteContract {

		Promote() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Recover extends RecoverContract {

		Recover() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Repair extends RepairContract {

		Repair() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Sweep extends SweepContract {

		Sweep() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Fleet extends FleetContract {

		Fleet() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class MixedFleet extends MixedFleetContract {

		MixedFleet() {
			super(Storage.JEDIS);
		}

	}

	@Nested
	class Semaphores extends SemaphoreContract {

		Semaphores() {
			super(Storage.JEDIS);
		}

	}

}
