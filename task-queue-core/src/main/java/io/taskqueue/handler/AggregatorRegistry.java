package io.taskqueue.handler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds the aggregator of a group: the one for exactly that name, else the one with the
 * longest prefix; of two with the same one, the one for the group's queue. Thread-safe.
 */
public final class AggregatorRegistry {

	private static final Comparator<Aggregator> CLOSEST_FIRST = Comparator.comparing(Aggregator::isPrefix)
		.thenComparing((aggregator) -> -aggregator.text().length())
		.thenComparing((aggregator) -> aggregator.queue() == null);

	private volatile List<Aggregator> aggregators = List.of();

	/**
	 * Registers an aggregator.
	 * @throws DuplicateAggregatorException when another one is for the same groups of the
	 * same queue; the first one stays
	 */
	public synchronized void register(Aggregator aggregator) {
		for (Aggregator other : this.aggregators) {
			boolean sameQueue = (other.queue() != null) ? other.queue().equals(aggregator.queue())
					: aggregator.queue() == null;
			if (other.pattern().equals(aggregator.pattern()) && sameQueue) {
				throw new DuplicateAggregatorException(aggregator.pattern(), other.source(), aggregator.source());
			}
		}
		List<Aggregator> all = new ArrayList<>(this.aggregators);
		all.add(aggregator);
		all.sort(CLOSEST_FIRST);
		this.aggregators = List.copyOf(all);
	}

	/** Returns the aggregator of a group, or {@code null} if there is none. */
	public @Nullable Aggregator find(String queue, String group) {
		for (Aggregator aggregator : this.aggregators) {
			if (aggregator.fits(queue, group)) {
				return aggregator;
			}
		}
		return null;
	}

	/**
	 * Returns those that may have groups of a queue; the first that fits a group counts.
	 */
	public List<Aggregator> of(String queue) {
		return this.aggregators.stream().filter((aggregator) -> aggregator.servesQueue(queue)).toList();
	}

	/** Returns all aggregators. */
	public List<Aggregator> all() {
		return this.aggregators;
	}

}
