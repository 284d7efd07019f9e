package io.taskqueue.redis;

import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The storage contract: a server, Sentinel and a Cluster, each over Jedis and Lettuce.
 */
@ParameterizedClass
@MethodSource("io.taskqueue.testing.Storage#usual")
class StorageTest {

	private final Storage storage;

	StorageTest(Storage storage) {
		this.storage = storage;
	}

	@Nested
	class Enqueue extends EnqueueContract {

		Enqueue() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Conflict extends ConflictContract {

		Conflict() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Fetch extends FetchContract {

		Fetch() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Operators extends OperatorContract {

		Operators() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Control extends ControlContract {

		Control() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Cancel extends CancelContract {

		Cancel() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Deferrals extends DeferralContract {

		Deferrals() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Settle extends SettleContract {

		Settle() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class ArchiveTrim extends ArchiveTrimContract {

		ArchiveTrim() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class FollowUp extends FollowUpContract {

		FollowUp() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Fencing extends FencingContract {

		Fencing() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Repeat extends RepeatContract {

		Repeat() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class WrongType extends WrongTypeContract {

		WrongType() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Promote extends PromoteContract {

		Promote() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Recover extends RecoverContract {

		Recover() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Repair extends RepairContract {

		Repair() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Aggregation extends AggregationContract {

		Aggregation() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Sweep extends SweepContract {

		Sweep() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Fleet extends FleetContract {

		Fleet() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class MixedFleet extends MixedFleetContract {

		MixedFleet() {
			super(StorageTest.this.storage);
		}

	}

	@Nested
	class Semaphores extends SemaphoreContract {

		Semaphores() {
			super(StorageTest.this.storage);
		}

	}

}
