package io.taskqueue.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything this worker holds a lease of, by queue and id, from the fetch to the
 * broker's word that it is settled: waiting, running or to be acknowledged.
 */
final class Held {

	private static final Logger logger = LoggerFactory.getLogger(Held.class);

	private final Map<String, Map<String, Attempt>> queues = new ConcurrentHashMap<>();

	private final AtomicInteger suspects = new AtomicInteger();

	/** Adds an attempt; called by the fetching thread only. */
	void add(Attempt attempt) {
		if (attempt.isSuspect()) {
			this.suspects.incrementAndGet();
		}
		Attempt earlier = this.queues.computeIfAbsent(attempt.queue(), (queue) -> new ConcurrentHashMap<>())
			.put(attempt.id(), attempt);
		// Unless its acknowledgement is on the way, which explains why the task came
		// again
		if (earlier != null) {
			forget(earlier);
			if (earlier.lose()) {
				logger.warn("Lost the lease of {}, and fetched the task again", earlier);
			}
		}
	}

	void remove(Attempt attempt) {
		Map<String, Attempt> attempts = this.queues.get(attempt.queue());
		if (attempts != null && attempts.remove(attempt.id(), attempt)) {
			forget(attempt);
		}
	}

	private void forget(Attempt attempt) {
		if (attempt.isSuspect()) {
			this.suspects.decrementAndGet();
		}
	}

	/**
	 * Forgets a queue unless something of it is held; called by the fetching thread only.
	 * @return whether nothing is
	 */
	boolean forget(String queue) {
		return this.queues.computeIfPresent(queue, (name, attempts) -> attempts.isEmpty() ? null : attempts) == null;
	}

	/** Returns the queues of which something is or was held. */
	Collection<String> queues() {
		return this.queues.keySet();
	}

	List<Attempt> of(String queue) {
		Map<String, Attempt> attempts = this.queues.get(queue);
		return (attempts != null) ? new ArrayList<>(attempts.values()) : List.of();
	}

	List<Attempt> all() {
		return this.queues.keySet().stream().flatMap((queue) -> of(queue).stream()).toList();
	}

	/** Returns the attempts at tasks with the id, of any queue. */
	List<Attempt> withId(String id) {
		List<Attempt> found = new ArrayList<>();
		for (Map<String, Attempt> attempts : this.queues.values()) {
			Attempt attempt = attempts.get(id);
			if (attempt != null) {
				found.add(attempt);
			}
		}
		return found;
	}

	boolean hasSuspects() {
		return this.suspects.get() > 0;
	}

	boolean isEmpty() {
		return this.queues.values().stream().allMatch(Map::isEmpty);
	}

	boolean isAllSettled() {
		return all().stream().noneMatch(Attempt::isOutstanding);
	}

}
