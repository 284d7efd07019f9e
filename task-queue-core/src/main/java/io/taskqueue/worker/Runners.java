package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.taskqueue.worker.Slots.Slot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads fetched tasks over threads. A runner owns a slot and runs one waiting task
 * after another until none is left, so that short tasks need no hand-over between
 * threads. A runner that begins starts the next while tasks wait, so that long tasks soon
 * occupy all slots.
 * <p>
 * A task whose handler has an executor of its own goes there together with the slot, and
 * the runner ends.
 * <p>
 * Why no task is left waiting beside a free slot: after tasks were added, after a runner
 * began and after a slot was freed, it is made sure that a runner is starting.
 */
final class Runners {

	private static final Logger logger = LoggerFactory.getLogger(Runners.class);

	private static final int MAX_STARTING = 2;

	private static final int NOBODY_ASKED = -1;

	// The process stood still for so long that others may have taken it for dead
	private static final Duration TOO_LATE = Duration.ofSeconds(5);

	private final Queue<Attempt> buffer = new ConcurrentLinkedQueue<>();

	// Kept beside the buffer, which cannot tell its size; may lag behind for a moment
	private final AtomicInteger buffered = new AtomicInteger();

	private final AtomicInteger starting = new AtomicInteger();

	private final LongAdder finished = new LongAdder();

	private final Slots slots;

	private final Executor executor;

	private final TaskRunner taskRunner;

	private final Acknowledger acknowledger;

	private final Held held;

	private final Elsewhere elsewhere;

	private final Waiter idle = new Waiter();

	private volatile Runnable whenRoom = () -> {
	};

	private volatile int roomAt = NOBODY_ASKED;

	private volatile boolean closed;

	Runners(Slots slots, Executor executor, TaskRunner taskRunner, Acknowledger acknowledger, Held held) {
		this.slots = slots;
		this.executor = executor;
		this.taskRunner = taskRunner;
		this.acknowledger = acknowledger;
		this.held = held;
		this.elsewhere = new Elsewhere(this::runElsewhere, taskRunner, acknowledger, this::leave);
	}

	/** Takes tasks in, or gives them back where nothing is begun any more. */
	void accept(List<Attempt> attempts) {
		for (Attempt attempt : attempts) {
			this.held.add(attempt);
			this.buffer.add(attempt);
			this.buffered.incrementAndGet();
		}
		if (this.closed) {
			giveBack(Duration.ZERO);
		}
		startRunners();
	}

	int buffered() {
		return this.buffered.get();
	}

	int freeSlots() {
		return this.slots.free();
	}

	List<Attempt> running() {
		return this.slots.running();
	}

	long finished() {
		return this.finished.sum();
	}

	/**
	 * Asks to be told once a slot is free or at most so many tasks wait. Whoever asks has
	 * to look again afterwards, as it may be so already.
	 */
	void tellRoomAt(int buffered, Runnable whenRoom) {
		this.whenRoom = whenRoom;
		this.roomAt = buffered;
	}

	void tellNobody() {
		this.roomAt = NOBODY_ASKED;
	}

	/** Gives tasks that have waited for longer than that back to the head, in order. */
	void giveBack(Duration age) {
		List<Attempt> old = new ArrayList<>();
		for (Attempt head = this.buffer.peek(); head != null
				&& head.age() >= age.toNanos(); head = this.buffer.peek()) {
			// Possibly not the one seen: a runner was faster. A younger one is as good
			Attempt taken = this.buffer.poll();
			if (taken != null) {
				this.buffered.decrementAndGet();
				old.add(taken);
			}
		}
		this.acknowledger.release(old);
	}

	/** Begins nothing any more and gives back what waits. */
	void close() {
		this.closed = true;
		giveBack(Duration.ZERO);
		this.elsewhere.close();
	}

	/** Waits until every attempt is settled. */
	boolean awaitSettled(Duration limit) {
		return this.idle.await(this.held::isAllSettled, limit);
	}

	/** Interrupts what is not settled, because the worker stops. */
	void interrupt() {
		this.held.all().forEach((attempt) -> attempt.interrupt(Interruption.SHUTDOWN));
	}

	/** Settles what is still not, without waiting for its handlers any longer. */
	void abandon() {
		running().forEach(this.taskRunner::runOutOfPatience);
	}

	private void startRunners() {
		while (this.starting.get() < Math.min(MAX_STARTING, this.buffered.get())) {
			Slot slot = this.slots.request();
			if (slot == null) {
				return;
			}
			this.starting.incrementAndGet();
			try {
				this.executor.execute(() -> run(slot));
			}
			catch (RejectedExecutionException ex) {
				this.starting.decrementAndGet();
				this.slots.release(slot);
				logger.error("The executor refuses to run tasks; {} fetched ones wait and are soon given back",
						this.buffered.get(), ex);
				return;
			}
		}
	}

	private void run(Slot slot) {
		this.starting.decrementAndGet();
		boolean handedOver = false;
		try {
			Attempt attempt = next();
			startRunners();
			while (attempt != null) {
				Executor own = this.taskRunner.executorOf(attempt);
				if (own == null) {
					run(slot, attempt);
				}
				else if (this.elsewhere.handOver(attempt, slot, own)) {
					handedOver = true;
					break;
				}
				attempt = next();
			}
		}
		finally {
			if (handedOver) {
				startRunners();
			}
			else {
				leave(slot);
			}
		}
	}

	private void runElsewhere(Slot slot, Attempt attempt) {
		try {
			run(slot, attempt);
		}
		finally {
			leave(slot);
		}
	}

	/** Frees a slot whose thread has come back from its handlers. */
	private void leave(Slot slot) {
		this.slots.release(slot);
		startRunners();
		tell();
	}

	private void run(Slot slot, Attempt attempt) {
		slot.show(attempt);
		try {
			this.taskRunner.run(attempt);
		}
		finally {
			slot.show(null);
			this.finished.increment();
			this.idle.changed();
		}
	}

	private @Nullable Attempt next() {
		giveBack(TOO_LATE);
		Attempt attempt = this.buffer.poll();
		if (attempt != null && this.buffered.decrementAndGet() <= this.roomAt) {
			tell();
		}
		return attempt;
	}

	private void tell() {
		if (this.roomAt != NOBODY_ASKED) {
			this.whenRoom.run();
		}
	}

}
