package io.taskqueue.queues;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The queues to work on and their weights, as configured: names, and patterns such as
 * {@code tenant-*}. A name wins over all patterns; of several patterns the most specific
 * wins, which is the one with the most characters besides its stars. Immutable.
 */
public final class QueueSelection {

	private static final int LONGEST_NAME = 255;

	/** What a decoder puts in place of bytes that are no UTF-8. */
	private static final char REPLACEMENT = '\uFFFD';

	private final Map<String, Integer> named = new LinkedHashMap<>();

	/** The most specific first. */
	private final Map<QueuePattern, Integer> patterns = new TreeMap<>(QueuePattern.MOST_SPECIFIC);

	/**
	 * Reads a selection.
	 * @param weights weights by name or pattern; a key with a {@code *} is a pattern
	 */
	public QueueSelection(Map<String, Integer> weights) {
		weights.forEach((name, weight) -> {
			if (QueuePattern.isPattern(name)) {
				this.patterns.put(new QueuePattern(name), weight);
			}
			else {
				this.named.put(name, weight);
			}
		});
	}

	/** Tells whether there are patterns, so that the queues may change. */
	public boolean hasPatterns() {
		return !this.patterns.isEmpty();
	}

	/** Returns the queues that are named, with their weights. */
	public Map<String, Integer> named() {
		return Collections.unmodifiableMap(this.named);
	}

	/** Returns the queue's weight, or {@code null} if it is not selected. */
	public @Nullable Integer weight(String queue) {
		Integer named = this.named.get(queue);
		return (named != null || !isOrdinary(queue)) ? named : patternWeight(queue);
	}

	private @Nullable Integer patternWeight(String queue) {
		for (Map.Entry<QueuePattern, Integer> pattern : this.patterns.entrySet()) {
			if (pattern.getKey().matches(queue)) {
				return pattern.getValue();
			}
		}
		return null;
	}

	/**
	 * Returns the queues to work on while these exist, with their weights: the named ones
	 * first, then those that match by weight and name.
	 */
	Map<String, Integer> select(Collection<String> existing) {
		Map<String, Integer> matched = new TreeMap<>();
		for (String queue : existing) {
			Integer weight = weight(queue);
			if (weight != null) {
				matched.put(queue, weight);
			}
		}
		Map<String, Integer> selected = new LinkedHashMap<>(this.named);
		List<Map.Entry<String, Integer>> byWeight = new ArrayList<>(matched.entrySet());
		byWeight.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
		byWeight.forEach((queue) -> selected.put(queue.getKey(), queue.getValue()));
		return Collections.unmodifiableMap(selected);
	}

	/**
	 * Tells whether a pattern may match the name at all. Anybody can write names into
	 * Redis: some are no names, others would not survive a log line, and a leading brace
	 * would undo the hash tag that keeps a queue in one slot.
	 */
	static boolean isOrdinary(String queue) {
		return !queue.isBlank() && queue.length() <= LONGEST_NAME && queue.charAt(0) != '}' && queue.chars()
			.noneMatch((character) -> Character.isISOControl(character) || character == REPLACEMENT);
	}

}
