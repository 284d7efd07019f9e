package io.taskqueue.worker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.taskqueue.worker.Slots.Slot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that wait in executors of their handlers, each with the slot that it holds.
 * Whoever takes a task out of the map owns it and its slot: the executor's thread, or the
 * worker when it stops. So an executor may forget tasks without a slot being lost for
 * longer than until then.
 */
final class Elsewhere {

	private static final Logger logger = LoggerFactory.getLogger(Elsewhere.class);

	private final Map<Attempt, Slot> waiting = new ConcurrentHashMap<>();

	/** Executors that did not take their last task. */
	private final Set<Executor> full = ConcurrentHashMap.newKeySet();

	private final BiConsumer<Slot, Attempt> run;

	private final TaskRunner taskRunner;

	private final Acknowledger acknowledger;

	private final Consumer<Slot> free;

	private volatile boolean closed;

	/**
	 * Creates it.
	 * @param run runs an attempt in a slot and frees that
	 * @param taskRunner puts off what is rejected
	 * @param acknowledger takes back what was not begun
	 * @param free frees a slot
	 */
	Elsewhere(BiConsumer<Slot, Attempt> run, TaskRunner taskRunner, Acknowledger acknowledger, Consumer<Slot> free) {
		this.run = run;
		this.taskRunner = taskRunner;
		this.acknowledger = acknowledger;
		this.free = free;
	}

	/**
	 * Gives an attempt to an executor, or puts it off where that does not take it.
	 * @return whether the slot went with it
	 */
	boolean handOver(Attempt attempt, Slot slot, Executor executor) {
		this.waiting.put(attempt, slot);
		try {
			executor.execute(() -> begin(attempt));
			this.full.remove(executor);
		}
		catch (RuntimeException | Error ex) {
			// Gone if the executor ran it on this thread and failed afterwards
			if (this.waiting.remove(attempt) != null) {
				rejected(attempt, executor, ex);
				return false;
			}
		}
		if (this.closed) {
			giveBack();
		}
		return true;
	}

	private void begin(Attempt attempt) {
		Slot slot = this.waiting.remove(attempt);
		if (slot != null) {
			this.run.accept(slot, attempt);
		}
	}

	private void rejected(Attempt attempt, Executor executor, Throwable why) {
		if (this.full.add(executor)) {
			logger.warn("The executor of its handler does not take {}, which is put off; further ones are not logged",
					attempt, why);
		}
		this.taskRunner.putOff(attempt);
	}

	/** Gives back what waits, now and from now on. */
	void close() {
		this.closed = true;
		giveBack();
	}

	private void giveBack() {
		for (Attempt attempt : List.copyOf(this.waiting.keySet())) {
			Slot slot = this.waiting.remove(attempt);
			if (slot != null) {
				this.acknowledger.release(List.of(attempt));
				this.free.accept(slot);
			}
		}
	}

}
