package io.taskqueue.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.handler.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many tasks of a handler run at once, for handlers that want limits of their own: in
 * this worker, and on all servers together.
 */
final class HandlerLimits {

	private static final Logger logger = LoggerFactory.getLogger(HandlerLimits.class);

	private final SemaphoreBroker semaphores;

	private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

	HandlerLimits(SemaphoreBroker semaphores) {
		this.semaphores = semaphores;
	}

	/** Takes the permits if there are any; they have to be given back then. */
	boolean enter(Handler handler, Run run) {
		if (handler.policy().concurrency() > 0 && !here(handler).tryAcquire()) {
			return false;
		}
		boolean entered = false;
		try {
			entered = enterEverywhere(handler, run);
			return entered;
		}
		finally {
			if (!entered) {
				leaveHere(handler);
			}
		}
	}

	private boolean enterEverywhere(Handler handler, Run run) {
		int total = handler.policy().totalConcurrency();
		return total <= 0 || this.semaphores.acquire(handler.pattern(), total, run.id(), run.deadline());
	}

	/** Gives the permits back. One that Redis does not take back ends by itself. */
	void leave(Handler handler, Run run) {
		leaveHere(handler);
		if (handler.policy().totalConcurrency() > 0 && !run.isLost()) {
			try {
				this.semaphores.release(handler.pattern(), run.id());
			}
			catch (RuntimeException ex) {
				logger.warn("The permit of {} could not be given back; it ends at the deadline: {}", run,
						ex.getMessage());
			}
		}
	}

	private void leaveHere(Handler handler) {
		if (handler.policy().concurrency() > 0) {
			here(handler).release();
		}
	}

	private Semaphore here(Handler handler) {
		return this.permits.computeIfAbsent(handler.pattern(),
				(pattern) -> new Semaphore(handler.policy().concurrency()));
	}

}
