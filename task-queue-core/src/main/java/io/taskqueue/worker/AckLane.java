package io.taskqueue.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.Lane;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.broker.WorkBroker.Archival;
import io.taskqueue.broker.WorkBroker.Completion;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.broker.WorkBroker.Settled;
import io.taskqueue.worker.Outcome.Archived;
import io.taskqueue.worker.Outcome.Completed;
import io.taskqueue.worker.Outcome.Released;
import io.taskqueue.worker.Outcome.RetryAt;
import io.taskqueue.worker.Outcome.Revoked;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcomes of one kind for one queue, on their way to the broker. Anyone may add;
 * everything else is the acknowledger's thread's. The one place that turns outcomes into
 * broker calls.
 */
final class AckLane {

	private static final Logger logger = LoggerFactory.getLogger(AckLane.class);

	private static final int LARGEST_BATCH = 200;

	private final String queue;

	private final Kind kind;

	private final WorkBroker broker;

	private final String owner;

	private final Held held;

	private final WorkerListener listener;

	// By groups: what was handed over together is sent together
	private final Queue<List<Settlement>> waiting = new ConcurrentLinkedQueue<>();

	private final Lane lane = new Lane();

	private final Backoff backoff = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));

	private int limit = LARGEST_BATCH;

	private @Nullable Batch unanswered;

	private boolean failing;

	private long notBefore = System.nanoTime();

	/** What the outcomes of a lane ask for; the broker has one verb for each. */
	enum Kind {

		COMPLETE, RETRY, ARCHIVE, RELEASE;

		static Kind of(Outcome outcome) {
			return switch (outcome.ending()) {
				case COMPLETED, REVOKED -> COMPLETE;
				case RETRIED -> RETRY;
				case ARCHIVED -> ARCHIVE;
				case RELEASED -> RELEASE;
			};
		}

	}

	/** An attempt that is settled, and how. */
	record Settlement(Attempt attempt, Outcome outcome) {
	}

	private record Batch(BatchId id, List<Settlement> settlements) {
	}

	AckLane(String queue, Kind kind, WorkBroker broker, String owner, Held held, WorkerListener listener) {
		this.queue = queue;
		this.kind = kind;
		this.broker = broker;
		this.owner = owner;
		this.held = held;
		this.listener = listener;
	}

	void add(List<Settlement> group) {
		this.waiting.add(group);
	}

	/** Tells whether nothing waits to be sent. */
	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	/** Returns how long to wait until there is something to do, at most so long. */
	long readyIn(long longest) {
		if (this.unanswered == null && this.waiting.isEmpty()) {
			return longest;
		}
		return Math.max(0, Math.min(longest, this.notBefore - System.nanoTime()));
	}

	/**
	 * Sends one batch: the one that was not answered, or what waits.
	 * @return how many outcomes are settled by it
	 */
	int send() {
		if (readyIn(Long.MAX_VALUE) > 0) {
			return 0;
		}
		int lost = 0;
		if (this.unanswered == null) {
			List<Settlement> taken = new ArrayList<>();
			for (List<Settlement> group = poll(taken); group != null; group = poll(taken)) {
				for (Settlement next : group) {
					if (next.attempt.send()) {
						taken.add(next);
					}
					else {
						lost++;
					}
				}
			}
			if (taken.isEmpty()) {
				return lost;
			}
			this.unanswered = new Batch(this.lane.next(), taken);
		}
		return lost + send(this.unanswered);
	}

	private @Nullable List<Settlement> poll(List<Settlement> taken) {
		List<Settlement> next = this.waiting.peek();
		boolean fits = next != null && (taken.isEmpty() || taken.size() + next.size() <= this.limit);
		return fits ? this.waiting.poll() : null;
	}

	private int send(Batch batch) {
		long start = System.nanoTime();
		try {
			answered(batch, call(batch));
			this.listener.acknowledged(this.queue, batch.settlements.size(),
					Duration.ofNanos(System.nanoTime() - start));
			return batch.settlements.size();
		}
		catch (TaskQueueRefusedException ex) {
			failed(start, batch, ex);
			// Nothing was changed, perhaps because of one of them: the others shall not
			// wait for it
			this.limit = Math.max(1, batch.settlements.size() / 2);
			batch.settlements.forEach((settlement) -> settlement.attempt.takeBack());
			batch.settlements.forEach((settlement) -> this.waiting.add(List.of(settlement)));
			this.unanswered = null;
			return 0;
		}
		catch (RuntimeException ex) {
			failed(start, batch, ex);
			return 0;
		}
	}

	private List<Settled> call(Batch batch) {
		List<Settlement> settlements = batch.settlements;
		return switch (this.kind) {
			case COMPLETE -> this.broker.complete(this.queue, batch.id, this.owner,
					settlements.stream().map(AckLane::completion).toList());
			case RETRY ->
				this.broker.retry(this.queue, batch.id, this.owner, settlements.stream().map(AckLane::retry).toList());
			case ARCHIVE -> this.broker.archive(this.queue, batch.id, this.owner,
					settlements.stream().map(AckLane::archival).toList());
			case RELEASE -> this.broker.release(this.queue, batch.id, this.owner,
					settlements.stream().map(AckLane::release).toList());
		};
	}

	private static Completion completion(Settlement settlement) {
		String id = settlement.attempt.id();
		if (settlement.outcome instanceof Revoked revoked) {
			return new Completion(id, revoked.uniqueKey(), null, Instant.EPOCH, null);
		}
		Completed completed = (Completed) settlement.outcome;
		return new Completion(id, completed.uniqueKey(), completed.retained(), completed.purgeAt(), completed.result());
	}

	private static Retry retry(Settlement settlement) {
		RetryAt retry = (RetryAt) settlement.outcome;
		// What becomes of a cancelled attempt was decided where it ended
		boolean cancelled = settlement.attempt.interruption() == Interruption.CANCELLED;
		return new Retry(settlement.attempt.id(), retry.message(), retry.at(), retry.failure(), cancelled);
	}

	private static Archival archival(Settlement settlement) {
		return new Archival(settlement.attempt.id(), ((Archived) settlement.outcome).message());
	}

	private static Release release(Settlement settlement) {
		Released released = (Released) settlement.outcome;
		return new Release(settlement.attempt.id(), released.at(), released.deferral());
	}

	private void answered(Batch batch, List<Settled> answers) {
		this.unanswered = null;
		this.limit = Math.min(LARGEST_BATCH, this.limit * 2);
		this.backoff.reset();
		if (this.failing) {
			this.failing = false;
			logger.info("Outcomes of queue '{}' ({}) are acknowledged again", this.queue, this.kind);
		}
		for (int i = 0; i < batch.settlements.size(); i++) {
			Attempt attempt = batch.settlements.get(i).attempt;
			this.held.remove(attempt);
			if (i >= answers.size() || answers.get(i) != Settled.DONE) {
				logger.warn("{} has ended ({}), but its lease was lost before: another worker has it, or nobody",
						attempt, this.kind);
				this.listener.leaseLost(this.queue, attempt.id());
			}
		}
	}

	private void failed(long start, Batch batch, RuntimeException ex) {
		long now = System.nanoTime();
		// A queue that makes the thread wait long must not do so all the time
		this.notBefore = now + Math.max(this.backoff.next(), now - start);
		if (!this.failing) {
			this.failing = true;
			logger.error(
					"{} outcomes of queue '{}' ({}) are not acknowledged, the first that of {}; repeating until"
							+ " they are",
					batch.settlements.size(), this.queue, this.kind, batch.settlements.get(0).attempt, ex);
		}
	}

}
