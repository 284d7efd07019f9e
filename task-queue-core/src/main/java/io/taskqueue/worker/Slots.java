package io.taskqueue.worker;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * As many slots as handlers may run at once, and what runs in each. A slot is taken for a
 * thread before it starts and freed by that thread when it has really come back.
 */
final class Slots {

	private final List<Slot> all = new ArrayList<>();

	private final Deque<Slot> free = new ConcurrentLinkedDeque<>();

	private final AtomicInteger freeCount;

	/** Room for one running handler. */
	static final class Slot {

		private volatile @Nullable Attempt attempt;

		/** Shows what runs in the slot. Called by the thread that owns it. */
		void show(@Nullable Attempt attempt) {
			this.attempt = attempt;
		}

	}

	Slots(int count) {
		for (int i = 0; i < count; i++) {
			this.all.add(new Slot());
		}
		this.free.addAll(this.all);
		this.freeCount = new AtomicInteger(count);
	}

	@Nullable Slot request() {
		Slot slot = this.free.pollFirst();
		if (slot != null) {
			this.freeCount.decrementAndGet();
		}
		return slot;
	}

	void release(Slot slot) {
		this.free.addFirst(slot);
		this.freeCount.incrementAndGet();
	}

	int free() {
		return this.freeCount.get();
	}

	/** Returns what runs now. */
	List<Attempt> running() {
		List<Attempt> running = new ArrayList<>();
		for (Slot slot : this.all) {
			Attempt attempt = slot.attempt;
			if (attempt != null) {
				running.add(attempt);
			}
		}
		return running;
	}

}
