package io.taskqueue.queues;

import java.util.Comparator;
import java.util.List;

/**
 * A name of queues in which each {@code *} stands for any characters, or none.
 */
final class QueuePattern {

	/**
	 * The most specific first: the one with the most characters of its own, then the one
	 * with the fewest stars, then by name, so that it is always the same one.
	 */
	static final Comparator<QueuePattern> MOST_SPECIFIC = Comparator.comparingInt(QueuePattern::literals)
		.reversed()
		.thenComparingInt((pattern) -> pattern.parts.size())
		.thenComparing((pattern) -> pattern.text);

	private final String text;

	/** What is between the stars, with what is before the first and after the last. */
	private final List<String> parts;

	QueuePattern(String text) {
		this.text = text;
		this.parts = List.of(text.split("\\*", -1));
	}

	static boolean isPattern(String name) {
		return name.indexOf('*') >= 0;
	}

	boolean matches(String queue) {
		String first = this.parts.get(0);
		String last = this.parts.get(this.parts.size() - 1);
		int end = queue.length() - last.length();
		if (!queue.startsWith(first) || !queue.endsWith(last) || end < first.length()) {
			return false;
		}
		int from = first.length();
		for (String part : this.parts.subList(1, this.parts.size() - 1)) {
			// The first place is the best: it leaves the most to what follows
			int found = queue.indexOf(part, from);
			if (found < 0 || found + part.length() > end) {
				return false;
			}
			from = found + part.length();
		}
		return true;
	}

	private int literals() {
		return this.text.length() - this.parts.size() + 1;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
