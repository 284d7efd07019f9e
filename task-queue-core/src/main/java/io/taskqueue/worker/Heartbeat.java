package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.loop.Loop;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows this worker to tools and to those who recover the tasks of dead ones.
 */
final class Heartbeat {

	private static final Logger logger = LoggerFactory.getLogger(Heartbeat.class);

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	private static final int MOST_SHOWN = 1000;

	private static final int LARGEST_PAYLOAD = 1024;

	private final FleetBroker fleet;

	private final Runners runners;

	private final Duration interval;

	private final Supplier<Map<String, Integer>> queues;

	private final Loop loop = new Loop("task-queue-heartbeat", this::pass);

	private volatile ServerInfo server;

	private boolean failing;

	Heartbeat(FleetBroker fleet, Runners runners, ServerInfo server, Supplier<Map<String, Integer>> queues,
			Duration interval) {
		this.fleet = fleet;
		this.runners = runners;
		this.server = server;
		this.queues = queues;
		this.interval = interval;
	}

	void start() {
		this.loop.start();
	}

	/** Shows that the worker fetches no more. */
	void stopping() {
		ServerInfo now = this.server;
		this.server = new ServerInfo(now.host(), now.pid(), now.serverId(), now.concurrency(), now.queues(),
				now.strictPriority(), "stopped", now.startTime(), now.activeWorkerCount());
		this.loop.wake();
	}

	boolean stop(Duration limit) {
		this.loop.stop();
		return this.loop.join(limit);
	}

	/** Takes the record away, after the stop, where this worker holds nothing. */
	void clear() {
		try {
			this.fleet.clearServer(this.server);
		}
		catch (RuntimeException ex) {
			logger.warn("The record of worker {} cannot be removed; it goes away by itself within 10 s",
					this.server.token(), ex);
		}
	}

	private Duration pass() {
		try {
			List<Attempt> running = this.runners.running();
			ServerInfo now = this.server;
			this.fleet.writeServer(new ServerInfo(now.host(), now.pid(), now.serverId(), now.concurrency(),
					this.queues.get(), now.strictPriority(), now.status(), now.startTime(), running.size()),
					shown(running));
			this.failing = false;
			return this.interval;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				this.failing = true;
				logger.warn("The record of worker {} cannot be written; trying again. Tools do not see the worker, and"
						+ " after 10 s others take it for dead", this.server.token(), ex);
			}
		}
		// Soon, as the record has a few seconds left at most
		return (this.interval.compareTo(AFTER_FAILURE) < 0) ? this.interval : AFTER_FAILURE;
	}

	private List<WorkerInfo> shown(List<Attempt> running) {
		List<WorkerInfo> shown = new ArrayList<>();
		for (Attempt attempt : running) {
			Run run = attempt.run();
			if (run != null && shown.size() < MOST_SHOWN) {
				shown.add(shown(run));
			}
		}
		return shown;
	}

	private WorkerInfo shown(Run run) {
		ServerInfo server = this.server;
		byte[] payload = run.message().payload();
		return new WorkerInfo(server.host(), server.pid(), server.serverId(), run.id(), run.type(),
				(payload.length > LARGEST_PAYLOAD) ? Arrays.copyOf(payload, LARGEST_PAYLOAD) : payload, run.queue(),
				run.start(), run.deadline());
	}

}
