package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.broker.WorkBroker.Fetched;
import io.taskqueue.loop.Loop;
import io.taskqueue.worker.Source.Ask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches tasks. One pass: free slots, fetch, hand over, how long to wait.
 */
final class FetchLoop {

	private static final Logger logger = LoggerFactory.getLogger(FetchLoop.class);

	private static final Duration FULL = Duration.ofSeconds(1);

	private static final Duration CONGESTED = Duration.ofMillis(5);

	private static final int UNSETTLED_PER_SLOT = 4;

	private static final int UNSETTLED_AT_LEAST = 1000;

	private final Sources sources;

	private final WorkBroker broker;

	private final String owner;

	private final Held held;

	private final Runners runners;

	private final Acknowledger acknowledger;

	private final WorkerListener listener;

	private final Throughput throughput;

	private final int maxUnsettled;

	// A worker that waits for tasks keeps a process without a web server alive
	private final Loop loop = new Loop("task-queue-fetch", this::pass).keepingTheProcessAlive();

	FetchLoop(Sources sources, WorkerOptions options, WorkBroker broker, String owner, Held held, Runners runners,
			Acknowledger acknowledger, WorkerListener listener) {
		this.sources = sources;
		this.broker = broker;
		this.owner = owner;
		this.held = held;
		this.runners = runners;
		this.acknowledger = acknowledger;
		this.listener = listener;
		this.throughput = new Throughput(options.concurrency());
		this.maxUnsettled = Math.max(UNSETTLED_AT_LEAST, UNSETTLED_PER_SLOT * options.concurrency());
	}

	void start() {
		this.loop.start();
	}

	/** Makes the loop look again. */
	void wake() {
		this.loop.wake();
	}

	/** Begins no further fetch; one in flight is still handed over. */
	void stop() {
		this.loop.stop();
	}

	/**
	 * Waits for the fetch in flight, and repeats one that was not answered.
	 * @return whether no fetch is left without an answer
	 */
	boolean finish(Duration limit) {
		long start = System.nanoTime();
		if (!this.loop.join(limit)) {
			logger.warn("A fetch is still in flight after {}; its tasks are recovered when their leases end", limit);
			return false;
		}
		// The thread is gone, its state is this one's now
		for (Source source : this.sources.all()) {
			if (source.isUnanswered() && System.nanoTime() - start < limit.toNanos()) {
				fetch(source, 1);
			}
		}
		return this.sources.all().stream().noneMatch(Source::isUnanswered);
	}

	private Duration pass() {
		this.runners.tellNobody();
		this.sources.forgetLeft(this.held, this.acknowledger);
		if (this.acknowledger.unsettled() > this.maxUnsettled) {
			return CONGESTED;
		}
		int want = want();
		if (want == 0) {
			this.runners.tellRoomAt(this.throughput.prefetch() / 2, this::wake);
			// Room may have come before it was asked for
			return (want() > 0) ? Duration.ZERO : FULL;
		}
		this.sources.refresh();
		QueueOrder order = this.sources.order();
		Source source = order.next(want);
		if (source != null) {
			fetch(source, order.share(source, want));
			return Duration.ZERO;
		}
		this.sources.all().forEach(Source::watch);
		return Duration.ofNanos(this.sources.all().stream().mapToLong(Source::readyIn).min().orElse(FULL.toNanos()));
	}

	private int want() {
		this.throughput.finished(this.runners.finished());
		int prefetch = this.throughput.prefetch();
		int buffered = this.runners.buffered();
		int free = this.runners.freeSlots();
		boolean worthwhile = free > buffered || buffered <= prefetch / 2;
		return worthwhile ? Math.max(0, free + prefetch - buffered) : 0;
	}

	private void fetch(Source source, int count) {
		Ask ask = source.ask(count);
		long start = System.nanoTime();
		try {
			Fetched fetched = this.broker.fetch(source.queue(), ask.batch(), this.owner, ask.count(),
					this.held.hasSuspects() ? 0 : 1);
			long took = System.nanoTime() - start;
			handOver(source, start, fetched.deliveries());
			source.answered(fetched.deliveries().size(), fetched.paused());
			this.throughput.roundTrip(took);
			this.listener.fetched(source.queue(), fetched.deliveries().size(), Duration.ofNanos(took));
		}
		catch (TaskQueueRefusedException ex) {
			if (source.refused(String.valueOf(ex.getMessage()))) {
				logger.error("Redis refuses to hand out tasks of queue '{}'; trying again until that is mended",
						source.queue(), ex);
			}
		}
		catch (RuntimeException ex) {
			if (source.notAnswered(System.nanoTime() - start, ex.getClass().getName())) {
				String trouble = (ex instanceof TaskQueueUnavailableException) ? "cannot be fetched"
						: "fail to be fetched";
				logger.warn("Tasks of queue '{}' {}; repeating until they can", source.queue(), trouble, ex);
			}
		}
	}

	private void handOver(Source source, long askedAt, List<Delivery> deliveries) {
		if (!deliveries.isEmpty()) {
			TypeTally tally = new TypeTally(deliveries.size(), source::judge);
			List<Attempt> attempts = new ArrayList<>(deliveries.size());
			for (Delivery delivery : deliveries) {
				// A nanosecond apart, so that their order can be told later
				long fetchedAt = askedAt + attempts.size();
				attempts.add(new Attempt(delivery, this.owner, this.broker, tally, fetchedAt));
			}
			this.runners.accept(attempts);
		}
	}

}
