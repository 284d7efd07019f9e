package io.taskqueue.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.taskqueue.handler.Handler;

/**
 * How many tasks of a handler this worker runs at once, for handlers that want a limit of
 * their own.
 */
final class HandlerLimits {

	private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

	/** Takes a permit if there is one; it has to be given back then. */
	boolean enter(Handler handler) {
		return isUnlimited(handler) || permits(handler).tryAcquire();
	}

	void leave(Handler handler) {
		if (!isUnlimited(handler)) {
			permits(handler).release();
		}
	}

	private static boolean isUnlimited(Handler handler) {
		return handler.policy().concurrency() <= 0;
	}

	private Semaphore permits(Handler handler) {
		return this.permits.computeIfAbsent(handler.pattern(),
				(pattern) -> new Semaphore(handler.policy().concurrency()));
	}

}
