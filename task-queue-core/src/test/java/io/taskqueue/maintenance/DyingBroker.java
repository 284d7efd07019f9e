package io.taskqueue.maintenance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker;
import org.jspecify.annotations.Nullable;

/**
 * A storage whose process is killed before or after one of its calls: from then on it
 * does nothing.
 */
final class DyingBroker implements AggregationBroker {

	private final AggregationBroker storage;

	private final Death death;

	private final CountDownLatch died = new CountDownLatch(1);

	DyingBroker(AggregationBroker storage, Death death) {
		this.storage = storage;
		this.death = death;
	}

	CountDownLatch died() {
		return this.died;
	}

	@Override
	public Page take(String queue, BatchId batch, String cursor, List<Rule> rules, int limit) {
		return call(Death.BEFORE_TAKE, () -> this.storage.take(queue, batch, cursor, rules, limit), Death.AFTER_TAKE);
	}

	@Override
	public List<Member> read(TaskSet set) {
		return call(Death.BEFORE_READ, () -> this.storage.read(set), Death.AFTER_READ);
	}

	@Override
	public void reject(TaskSet set, List<Member> members) {
		throw new UnsupportedOperationException();
	}

	@Override
	public HandOver handOver(TaskSet set, BatchId batch, int size, EnqueueBroker.@Nullable Command merged) {
		return call(Death.BEFORE_HAND_OVER, () -> this.storage.handOver(set, batch, size, merged),
				Death.AFTER_HAND_OVER);
	}

	@Override
	public void giveBack(TaskSet set) {
		if (this.died.getCount() > 0) {
			this.storage.giveBack(set);
		}
	}

	@Override
	public @Nullable Instant putOff(TaskSet set, Duration first, Duration longest) {
		Instant[] until = new Instant[1];
		call(Death.BEFORE_PUT_OFF, () -> {
			until[0] = this.storage.putOff(set, first, longest);
			return set;
		}, Death.AFTER_PUT_OFF);
		return until[0];
	}

	private <T> T call(Death before, Supplier<T> call, Death after) {
		dieAt(before);
		T answer = call.get();
		dieAt(after);
		return answer;
	}

	private void dieAt(Death moment) {
		if (this.died.getCount() == 0 || moment == this.death) {
			this.died.countDown();
			throw new Killed();
		}
	}

	/** When the process is killed. */
	enum Death {

		BEFORE_TAKE, AFTER_TAKE, BEFORE_READ, AFTER_READ, BEFORE_HAND_OVER, AFTER_HAND_OVER, BEFORE_PUT_OFF,
		AFTER_PUT_OFF;

		/** Tells whether the aggregator must fail to come so far. */
		boolean fails() {
			return this == BEFORE_PUT_OFF || this == AFTER_PUT_OFF;
		}

	}

	/** Ends the thread; nobody catches it. */
	static final class Killed extends Error {

		private static final long serialVersionUID = 1L;

		Killed() {
			super("killed", null, false, false);
		}

	}

}
