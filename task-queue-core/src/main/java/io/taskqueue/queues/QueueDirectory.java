package io.taskqueue.queues;

import java.time.Duration;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import io.taskqueue.loop.RestartableLoop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which queues there are to work on now. Where patterns are configured it looks
 * into {@code asynq:queues} every few seconds, with one command; while that fails, what
 * was known stays. May be started and stopped again and again; thread-safe.
 */
public final class QueueDirectory {

	private static final Logger logger = LoggerFactory.getLogger(QueueDirectory.class);

	private final QueueSelection selection;

	private final Supplier<Set<String>> existing;

	private final Duration interval;

	private final Set<String> names = new Names();

	private volatile Map<String, Integer> current;

	private volatile Runnable whenChanged = () -> {
	};

	/** What was read last; its thread's only. */
	private Set<String> read = Set.of();

	/** How many strange names were last seen; its thread's only. */
	private long strange;

	private final RestartableLoop loop = new RestartableLoop("task-queue-directory", this::look);

	/**
	 * Creates a directory that knows the named queues.
	 * @param selection the queues to work on
	 * @param existing reads which queues exist
	 * @param interval how often, give or take a quarter
	 */
	public QueueDirectory(QueueSelection selection, Supplier<Set<String>> existing, Duration interval) {
		this.selection = selection;
		this.existing = existing;
		this.interval = interval;
		this.current = selection.named();
	}

	/** Begins to look, unless only names are configured. */
	public void start() {
		if (this.selection.hasPatterns()) {
			this.loop.start();
		}
	}

	/** Looks no more; what is known stays. Waits for a look under way. */
	public void stop() {
		this.loop.stop();
	}

	/**
	 * Has something run, on the thread of the directory, after each change; in place of
	 * what was to run before.
	 */
	public void whenChanged(Runnable action) {
		this.whenChanged = action;
	}

	/**
	 * Returns the queues to work on now, with their weights; unmodifiable, and the same
	 * map until something changes.
	 */
	public Map<String, Integer> current() {
		return this.current;
	}

	/**
	 * Returns a view of the names of the queues to work on, which always shows the
	 * current ones; an iteration shows those of its beginning.
	 */
	public Set<String> names() {
		return this.names;
	}

	private Duration look() {
		Set<String> now = this.existing.get();
		if (!now.equals(this.read)) {
			this.read = Set.copyOf(now);
			Map<String, Integer> selected = this.selection.select(now);
			tellOfStrangeNames();
			if (!selected.equals(this.current)) {
				logger.debug("Working on {} queues now, instead of {}", selected.size(), this.current.size());
				this.current = selected;
				this.whenChanged.run();
			}
		}
		long nanos = this.interval.toNanos();
		// Jittered, so that the nodes of a fleet do not look all at once
		return Duration.ofNanos(nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
	}

	private void tellOfStrangeNames() {
		long found = this.read.stream().filter((queue) -> !QueueSelection.isOrdinary(queue)).count();
		if (found > this.strange) {
			logger.warn(
					"asynq:queues holds {} names that are blank, very long or not printable; no pattern matches them",
					found);
		}
		this.strange = found;
	}

	private final class Names extends AbstractSet<String> {

		@Override
		public Iterator<String> iterator() {
			return QueueDirectory.this.current.keySet().iterator();
		}

		@Override
		public int size() {
			return QueueDirectory.this.current.size();
		}

		@Override
		public boolean contains(@Nullable Object name) {
			return name != null && QueueDirectory.this.current.containsKey(name);
		}

	}

}
