package io.taskqueue.worker;

import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which queue is next. Strict: the one of the greatest weight that may have tasks.
 * Otherwise deficit round robin: each round gives every queue that may have tasks credit
 * for as many as its share, and who fetches spends it, so the shares hold by tasks and an
 * empty queue's share goes to the others. Used by one thread.
 */
final class QueueOrder {

	private final List<Source> sources;

	private final boolean strict;

	QueueOrder(List<Source> sources, boolean strict) {
		this.sources = sources.stream().sorted(Comparator.comparingInt(Source::weight).reversed()).toList();
		this.strict = strict;
	}

	/**
	 * Returns the queue to fetch from.
	 * @param want how many tasks are wanted
	 * @return {@code null} if none may have tasks now
	 */
	@Nullable Source next(int want) {
		List<Source> ready = this.sources.stream().filter((source) -> source.readyIn() == 0).toList();
		if (ready.isEmpty() || this.strict) {
			return ready.isEmpty() ? null : ready.get(0);
		}
		if (ready.stream().noneMatch((source) -> source.credit() > 0)) {
			long weights = ready.stream().mapToLong(Source::weight).sum();
			long round = Math.max(1, (want + weights - 1) / weights);
			ready.forEach((source) -> source.addCredit(round * source.weight()));
		}
		return ready.stream()
			.filter((source) -> source.credit() > 0)
			.max(Comparator.comparingDouble((source) -> source.credit() / (double) source.weight()))
			.orElse(null);
	}

	/** Returns how many tasks to fetch from the queue. */
	int share(Source source, int want) {
		return this.strict ? want : (int) Math.min(want, source.credit());
	}

}
