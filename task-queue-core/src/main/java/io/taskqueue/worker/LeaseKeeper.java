package io.taskqueue.worker;

import java.time.Duration;
import java.util.List;

import io.taskqueue.broker.WorkBroker;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of everything held, on a thread that does nothing else, so that
 * neither slow fetches nor slow acknowledgements cost a lease. Where renewing fails,
 * tasks go on: the broker decides at their acknowledgement whether they still were ours.
 */
final class LeaseKeeper {

	private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

	private static final int LARGEST_CALL = 500;

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	private final WorkBroker broker;

	private final String owner;

	private final Held held;

	private final WorkerListener listener;

	private final Duration interval;

	private final Loop loop = new Loop("task-queue-leases", this::pass);

	private boolean failing;

	LeaseKeeper(WorkBroker broker, String owner, Held held, WorkerListener listener, Duration interval) {
		this.broker = broker;
		this.owner = owner;
		this.held = held;
		this.listener = listener;
		this.interval = interval;
	}

	void start() {
		this.loop.start();
	}

	boolean stop(Duration limit) {
		this.loop.stop();
		return this.loop.join(limit);
	}

	private Duration pass() {
		boolean renewed = true;
		for (String queue : this.held.queues()) {
			List<Attempt> attempts = this.held.of(queue);
			for (int from = 0; from < attempts.size(); from += LARGEST_CALL) {
				renewed &= renew(queue, attempts.subList(from, Math.min(from + LARGEST_CALL, attempts.size())));
			}
		}
		return (renewed || this.interval.compareTo(AFTER_FAILURE) < 0) ? this.interval : AFTER_FAILURE;
	}

	private boolean renew(String queue, List<Attempt> attempts) {
		try {
			List<Renewal> renewals = this.broker.renew(queue, this.owner, attempts.stream().map(Attempt::id).toList());
			for (int i = 0; i < attempts.size(); i++) {
				heed(attempts.get(i), renewals.get(i));
			}
			this.failing = false;
			return true;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				this.failing = true;
				logger.error(
						"The leases of {} tasks of queue '{}' cannot be renewed, the first that of {}; trying again"
								+ " every second. Other workers may take them {} after the last renewal",
						attempts.size(), queue, attempts.get(0), WorkBroker.LEASE, ex);
			}
			return false;
		}
	}

	private void heed(Attempt attempt, Renewal renewal) {
		if (renewal == Renewal.CANCELLED) {
			attempt.interrupt(Interruption.CANCELLED);
		}
		// An acknowledgement may have overtaken this call: then the lease was given up
		else if (renewal == Renewal.LOST && attempt.lose()) {
			this.held.remove(attempt);
			logger.warn("Lost the lease of {}; its handler is interrupted and its outcome dropped", attempt);
			this.listener.leaseLost(attempt.queue(), attempt.id());
		}
	}

}
