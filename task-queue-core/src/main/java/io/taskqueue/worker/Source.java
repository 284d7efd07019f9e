package io.taskqueue.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.Lane;
import org.jspecify.annotations.Nullable;

/**
 * What the fetch loop knows of one queue. Owned by the loop's thread, except for
 * {@link #judge}, which handler threads call.
 */
final class Source {

	private static final int LARGEST_FETCH = 128;

	// From here on the queue is hardly touched: so many tasks now and then
	private static final int TRICKLE = 10;

	private static final Duration BETWEEN_TRICKLES = Duration.ofMillis(500);

	// asynq's and our recovery have taken the tasks of a fetch that was never answered by
	// then
	private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(60);

	private final String queue;

	private final int weight;

	private @Nullable QueueWatcher watcher;

	private final long poll;

	private final Lane lane = new Lane();

	private final Backoff whenUnavailable = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

	private final Backoff whenRefused = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

	private final Backoff whenWokenInVain = new Backoff(Duration.ofMillis(2), Duration.ofMillis(100));

	private final AtomicInteger limit = new AtomicInteger(LARGEST_FETCH);

	private @Nullable Ask unanswered;

	private @Nullable String complaint;

	private long credit;

	private boolean empty;

	private boolean watchable;

	private boolean woken;

	private long readyAt = System.nanoTime();

	/**
	 * A fetch that was sent.
	 *
	 * @param since when it was sent first
	 */
	record Ask(BatchId batch, int count, long since) {
	}

	Source(String queue, int weight, @Nullable QueueWatcher watcher, Duration poll) {
		this.queue = queue;
		this.weight = weight;
		this.watcher = watcher;
		this.poll = poll.toNanos();
	}

	String queue() {
		return this.queue;
	}

	int weight() {
		return this.weight;
	}

	long credit() {
		return this.credit;
	}

	void addCredit(long tasks) {
		this.credit += tasks;
	}

	boolean isUnanswered() {
		return this.unanswered != null;
	}

	boolean isWatched() {
		return this.watcher != null;
	}

	void watchWith(@Nullable QueueWatcher watcher) {
		this.watcher = watcher;
	}

	/** Ends the watching, as nothing is fetched any more. */
	void end() {
		if (this.watcher != null) {
			this.watcher.leave();
		}
	}

	/** Returns in how many nanoseconds a fetch makes sense; none at once. */
	long readyIn() {
		if (this.empty && this.watcher != null && this.watcher.takeWake()) {
			this.woken = true;
			this.empty = false;
			this.readyAt = System.nanoTime();
		}
		return Math.max(0, this.readyAt - System.nanoTime());
	}

	/** Has the queue watched while it is known to be empty. */
	void watch() {
		if (this.empty && this.watchable && this.watcher != null) {
			this.watcher.arm();
		}
	}

	/** Returns the fetch to send: the one that was not answered, or a new one. */
	Ask ask(int want) {
		Ask ask = this.unanswered;
		if (ask == null || System.nanoTime() - ask.since > GIVE_UP_AFTER.toNanos()) {
			ask = new Ask(this.lane.next(), Math.min(want, this.limit.get()), System.nanoTime());
			this.unanswered = ask;
		}
		return ask;
	}

	void answered(int count, boolean paused) {
		Ask ask = this.unanswered;
		// What is left of a repeated fetch says nothing about the queue
		boolean fewer = ask != null && count < ask.count && this.complaint == null;
		boolean inVain = this.woken && count == 0;
		this.unanswered = null;
		this.complaint = null;
		this.woken = false;
		this.empty = false;
		this.credit -= count;
		this.whenUnavailable.reset();
		this.whenRefused.reset();
		if (count > 0) {
			this.whenWokenInVain.reset();
		}
		else if (inVain && this.watcher != null) {
			this.watcher.holdBack(this.whenWokenInVain.next());
		}
		if (paused || fewer) {
			rest(!paused);
		}
		else if (this.limit.get() <= TRICKLE) {
			this.readyAt = System.nanoTime() + Backoff.jittered(BETWEEN_TRICKLES.toNanos());
		}
	}

	private void rest(boolean watchable) {
		this.empty = true;
		this.watchable = watchable;
		this.credit = 0;
		this.readyAt = System.nanoTime() + Backoff.jittered(this.poll);
	}

	/**
	 * The answer is not known; the same fetch will be sent again.
	 * @return whether that is news
	 */
	boolean notAnswered(long took, String why) {
		// A queue that makes the loop wait long must not do so all the time
		this.readyAt = System.nanoTime() + Math.max(this.whenUnavailable.next(), took);
		return complain(why);
	}

	/**
	 * The broker refused.
	 * @return whether that is news
	 */
	boolean refused(String why) {
		this.unanswered = null;
		this.readyAt = System.nanoTime() + this.whenRefused.next();
		return complain(why);
	}

	private boolean complain(String why) {
		this.empty = false;
		boolean news = !why.equals(this.complaint);
		this.complaint = why;
		return news;
	}

	/**
	 * Halves the fetches after one of mostly unknown types, and doubles them otherwise.
	 */
	void judge(boolean mostlyUnknown) {
		this.limit
			.updateAndGet((limit) -> mostlyUnknown ? Math.max(TRICKLE, limit / 2) : Math.min(LARGEST_FETCH, limit * 2));
	}

}
