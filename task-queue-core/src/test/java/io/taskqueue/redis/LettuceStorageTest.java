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

	@Nested
	class Operators extends OperatorContract {

		Operators() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Control extends ControlContract {

		Control() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Cancel extends CancelContract {

		Cancel() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Deferrals extends DeferralContract {

		Deferrals() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Settle extends SettleContract {

		Settle() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class ArchiveTrim extends ArchiveTrimContract {

		ArchiveTrim() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class FollowUp extends FollowUpContract {

		FollowUp() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Fencing extends FencingContract {

		Fencing() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Repeat extends RepeatContract {

		Repeat() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class WrongType extends WrongTypeContract {

		WrongType() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Promote extends PromoteContract {

		Promote() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Recover extends RecoverContract {

		Recover() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Repair extends RepairContract {

		Repair() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Sweep extends SweepContract {

		Sweep() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Fleet extends FleetContract {

		Fleet() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class MixedFleet extends MixedFleetContract {

		MixedFleet() {
			super(Storage.LETTUCE);
		}

	}

	@Nested
	class Semaphores extends SemaphoreContract {

		Semaphores() {
			super(Storage.LETTUCE);
		}

	}

}
