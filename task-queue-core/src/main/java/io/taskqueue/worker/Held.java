package io.taskqueue.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything this worker holds a lease of, by queue and id, from the fetch to the
 * broker's word that it is settled: waiting, running or to be acknowledged.
 */
final class Held {

	private static final Logger logger = LoggerFactory.getLogger(Held.class);

	private final Map<String, Map<String, Attempt>> queues;

	private final AtomicInteger suspects = new AtomicInteger();

	Held(Collection<String> queues) {
		this.queues = queues.stream()
			.collect(Collectors.toUnmodifiableMap((queue) -> queue, (queue) -> new ConcurrentHashMap<>()));
	}

	void add(Attempt attempt) {
		if (attempt.isSuspect()) {
			this.suspects.incrementAndGet();
		}
		Attempt earlier = in(attempt.queue()).put(attempt.id(), attempt);
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
		if (in(attempt.queue()).remove(attempt.id(), attempt)) {
			forget(attempt);
		}
	}

	private void forget(Attempt attempt) {
		if (attempt.isSuspect()) {
			this.suspects.decrementAndGet();
		}
	}

	Collection<String> queues() {
		return this.queues.keySet();
	}

	List<Attempt> of(String queue) {
		return new ArrayList<>(in(queue).values());
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

	private Map<String, Attempt> in(String queue) {
		Map<String, Attempt> attempts = this.queues.get(queue);
		if (attempts == null) {
			throw new IllegalArgumentException("queue '" + queue + "' is not one of " + this.queues.keySet());
		}
		return attempts;
	}

}
