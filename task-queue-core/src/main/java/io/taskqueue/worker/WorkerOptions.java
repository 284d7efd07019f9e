package io.taskqueue.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.taskqueue.FailurePredicate;
import io.taskqueue.RetryDelay;

/**
 * How a worker works. Immutable; checks itself when built.
 *
 * @param queues the queues to work on with their weights, at least one, each at least 1;
 * a key with a {@code *}, such as {@code tenant-*}, stands for all queues that match it,
 * whenever they come to be; unmodifiable
 * @param strict whether a queue is only touched while those of greater weight are empty;
 * otherwise the queues share by their weights
 * @param concurrency how many handlers run at once, at least 1
 * @param shutdownTimeout how long running tasks may go on after a stop before they are
 * interrupted
 * @param interruptGrace how long an interrupted handler may take to return before its
 * task is settled without it
 * @param onCancel what becomes of a running task that is cancelled
 * @param retryDelay the wait between attempts, unless the handler has its own
 * @param failurePredicate which exceptions count as failures
 * @param maxErrorText how many bytes of an error's text are kept with the task, 64 to
 * 65536
 * @param host the host's name as the tools show it
 * @param pid the process id as the tools show it
 */
public record WorkerOptions(Map<String, Integer> queues, boolean strict, int concurrency, Duration shutdownTimeout,
		Duration interruptGrace, OnCancel onCancel, RetryDelay retryDelay, FailurePredicate failurePredicate,
		int maxErrorText, String host, int pid) {

	/** What becomes of a running task that is cancelled. */
	public enum OnCancel {

		/** It is archived. */
		ARCHIVE,
		/** The attempt counts as failed, as in asynq. */
		RETRY

	}

	public WorkerOptions {
		require(!queues.isEmpty(), "queues must name at least one queue");
		queues.forEach((queue, weight) -> {
			require(!queue.isBlank(), "queues must not contain a blank name");
			require(weight >= 1, "the weight of queue '%s' must be at least 1: %d".formatted(queue, weight));
		});
		require(concurrency >= 1, "concurrency must be at least 1: " + concurrency);
		require(!shutdownTimeout.isNegative(), "shutdownTimeout must not be negative: " + shutdownTimeout);
		require(!interruptGrace.isNegative(), "interruptGrace must not be negative: " + interruptGrace);
		require(maxErrorText >= 64 && maxErrorText <= 65536,
				"maxErrorText must lie between 64 and 65536 bytes: " + maxErrorText);
		require(!host.isBlank(), "host must not be blank");
		queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
	}

	/**
	 * Returns the defaults: queue {@code default}, a handler per processor but at least
	 * 10, 8 s for a shutdown, 5 s of grace, cancelled tasks archived, the standard retry
	 * delay, every exception a failure, 4 KiB of error text, this process on this host.
	 */
	public static WorkerOptions standard() {
		return new WorkerOptions(Map.of("default", 1), false, Math.max(10, Runtime.getRuntime().availableProcessors()),
				Duration.ofSeconds(8), Duration.ofSeconds(5), OnCancel.ARCHIVE, RetryDelay.standard(), (error) -> true,
				4096, hostName(), (int) ProcessHandle.current().pid());
	}

	/** Returns a copy with the queues and their weights. */
	public WorkerOptions withQueues(Map<String, Integer> queues) {
		return new WorkerOptions(queues, this.strict, this.concurrency, this.shutdownTimeout, this.interruptGrace,
				this.onCancel, this.retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with strict priorities or without. */
	public WorkerOptions withStrict(boolean strict) {
		return new WorkerOptions(this.queues, strict, this.concurrency, this.shutdownTimeout, this.interruptGrace,
				this.onCancel, this.retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the concurrency. */
	public WorkerOptions withConcurrency(int concurrency) {
		return new WorkerOptions(this.queues, this.strict, concurrency, this.shutdownTimeout, this.interruptGrace,
				this.onCancel, this.retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the shutdown timeout. */
	public WorkerOptions withShutdownTimeout(Duration shutdownTimeout) {
		return new WorkerOptions(this.queues, this.strict, this.concurrency, shutdownTimeout, this.interruptGrace,
				this.onCancel, this.retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the grace period. */
	public WorkerOptions withInterruptGrace(Duration interruptGrace) {
		return new WorkerOptions(this.queues, this.strict, this.concurrency, this.shutdownTimeout, interruptGrace,
				this.onCancel, this.retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the rule for cancelled tasks. */
	public WorkerOptions withOnCancel(OnCancel onCancel) {
		return new WorkerOptions(this.queues, this.strict, this.concurrency, this.shutdownTimeout, this.interruptGrace,
				onCancel, this.retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the wait between attempts. */
	public WorkerOptions withRetryDelay(RetryDelay retryDelay) {
		return new WorkerOptions(this.queues, this.strict, this.concurrency, this.shutdownTimeout, this.interruptGrace,
				this.onCancel, retryDelay, this.failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the rule for what counts as a failure. */
	public WorkerOptions withFailurePredicate(FailurePredicate failurePredicate) {
		return new WorkerOptions(this.queues, this.strict, this.concurrency, this.shutdownTimeout, this.interruptGrace,
				this.onCancel, this.retryDelay, failurePredicate, this.maxErrorText, this.host, this.pid);
	}

	/** Returns a copy with the limit of error texts, in bytes. */
	public WorkerOptions withMaxErrorText(int maxErrorText) {
		return new WorkerOptions(this.queues, this.strict, this.concurrency, this.shutdownTimeout, this.interruptGrace,
				this.onCancel, this.retryDelay, this.failurePredicate, maxErrorText, this.host, this.pid);
	}

	private static String hostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
