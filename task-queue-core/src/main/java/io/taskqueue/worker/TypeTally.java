package io.taskqueue.worker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Counts how many tasks of one fetch turn out to be of unknown types. Whoever reads the
 * last record reports the verdict.
 */
final class TypeTally {

	private final int size;

	private final Consumer<Boolean> verdict;

	private final AtomicInteger left;

	private final AtomicInteger unknown = new AtomicInteger();

	/**
	 * Creates a tally.
	 * @param size how many tasks were fetched
	 * @param verdict hears whether most of them were unknown
	 */
	TypeTally(int size, Consumer<Boolean> verdict) {
		this.size = size;
		this.verdict = verdict;
		this.left = new AtomicInteger(size);
	}

	void count(boolean known) {
		if (!known) {
			this.unknown.incrementAndGet();
		}
		if (this.left.decrementAndGet() == 0) {
			this.verdict.accept(this.unknown.get() * 2 > this.size);
		}
	}

}
