package io.taskqueue.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import io.taskqueue.HandlerControl;
import io.taskqueue.TaskQueueException;
import io.taskqueue.broker.PauseBroker;
import io.taskqueue.handler.TypePatterns;
import io.taskqueue.loop.RestartableLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task types that a node does not run for now. Between start and stop it looks every
 * two seconds, give or take a quarter, what is paused everywhere; while that fails, what
 * was known stays. May be started and stopped again and again.
 */
public final class PausedTypes implements HandlerControl {

	private static final Logger logger = LoggerFactory.getLogger(PausedTypes.class);

	private static final int SHORTEST_LOOK = 1500;

	private static final int LONGEST_LOOK = 2500;

	private final PauseBroker broker;

	private final Set<String> here = ConcurrentHashMap.newKeySet();

	private volatile Set<String> everywhere = Set.of();

	private final RestartableLoop loop = new RestartableLoop("task-queue-pauses", this::look);

	/**
	 * Creates the control, with nothing paused that it knew of.
	 * @param broker keeps what is paused everywhere
	 */
	public PausedTypes(PauseBroker broker) {
		this.broker = broker;
	}

	/**
	 * Begins to look what is paused everywhere, the first time at once; where Redis does
	 * not answer that is left to later.
	 */
	public void start() {
		if (!this.loop.isRunning()) {
			readIfPossible();
			this.loop.start();
		}
	}

	/** Looks no more; what is known stays. Waits for a look under way. */
	public void stop() {
		this.loop.stop();
	}

	/** Tells whether tasks of the type are not to be run. */
	public boolean isPaused(String type) {
		return isPaused(this.here, type) || isPaused(this.everywhere, type);
	}

	private static boolean isPaused(Set<String> paused, String type) {
		return !paused.isEmpty()
				&& TypePatterns.closest(type, (pattern) -> paused.contains(pattern) ? pattern : null) != null;
	}

	@Override
	public void pause(String type) {
		this.here.add(checked(type));
	}

	@Override
	public void resume(String type) {
		this.here.remove(type);
	}

	@Override
	public void pauseEverywhere(String type) {
		this.broker.pause(checked(type));
		read();
	}

	@Override
	public void resumeEverywhere(String type) {
		this.broker.resume(type);
		read();
	}

	@Override
	public Set<String> paused() {
		return Set.copyOf(this.here);
	}

	@Override
	public Set<String> pausedEverywhere() {
		return this.everywhere;
	}

	private void readIfPossible() {
		try {
			read();
		}
		catch (TaskQueueException ex) {
			logger.warn("What is paused everywhere is not known yet: {}", ex.getMessage());
		}
	}

	private Duration look() {
		read();
		return Duration.ofMillis(ThreadLocalRandom.current().nextInt(SHORTEST_LOOK, LONGEST_LOOK));
	}

	/** One at a time, so that an older answer never replaces a newer one. */
	private void read() {
		synchronized (this.here) {
			this.everywhere = Set.copyOf(this.broker.paused());
		}
	}

	private static String checked(String type) {
		if (type.isBlank()) {
			throw new IllegalArgumentException("the type to pause must not be blank");
		}
		return type;
	}

}
