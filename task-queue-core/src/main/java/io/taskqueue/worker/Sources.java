package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The queues that are fetched from, which follow those that are to be worked on. The
 * first ones are watched, the others polled. Used by the fetch loop's thread.
 */
final class Sources {

	private final Supplier<Map<String, Integer>> queues;

	private final boolean strict;

	private final QueueWatchers watchers;

	private final Duration poll;

	private final Map<String, Source> sources = new LinkedHashMap<>();

	/** Queues that are no longer to be worked on, with tasks of which some may run. */
	private final Set<String> leaving = new HashSet<>();

	private @Nullable Map<String, Integer> seen;

	private QueueOrder order;

	/**
	 * Creates sources; those of the present.
	 * @param queues the queues to work on with their weights, the same map until it
	 * changes
	 */
	Sources(Supplier<Map<String, Integer>> queues, boolean strict, QueueWatchers watchers, Duration poll) {
		this.queues = queues;
		this.strict = strict;
		this.watchers = watchers;
		this.poll = poll;
		this.order = new QueueOrder(List.of(), strict);
	}

	Collection<Source> all() {
		return this.sources.values();
	}

	QueueOrder order() {
		return this.order;
	}

	/** Follows the queues to work on. */
	void refresh() {
		Map<String, Integer> now = this.queues.get();
		if (now != this.seen) {
			// Looks again as long as one has to stay
			this.seen = remove(now) ? now : null;
			add(now);
			this.order = new QueueOrder(new ArrayList<>(this.sources.values()), this.strict);
		}
	}

	/** Returns whether all that are not to be worked on are gone. */
	private boolean remove(Map<String, Integer> now) {
		boolean all = true;
		for (Iterator<Source> each = this.sources.values().iterator(); each.hasNext();) {
			Source source = each.next();
			if (now.containsKey(source.queue())) {
				continue;
			}
			// The fetch that was not answered may have taken tasks
			if (source.isUnanswered()) {
				all = false;
			}
			else {
				source.end();
				each.remove();
				this.leaving.add(source.queue());
			}
		}
		return all;
	}

	private void add(Map<String, Integer> now) {
		now.forEach((queue, weight) -> {
			Source source = this.sources.computeIfAbsent(queue, (name) -> new Source(name, weight, null, this.poll));
			if (!source.isWatched()) {
				source.watchWith(this.watchers.watch(queue));
			}
			this.leaving.remove(queue);
		});
	}

	/** Forgets what is kept for queues that are gone, once no task of theirs is held. */
	void forgetLeft(Held held, Acknowledger acknowledger) {
		this.leaving.removeIf((queue) -> held.forget(queue) && acknowledger.forget(queue));
	}

}
