package io.taskqueue.worker;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import io.taskqueue.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts attempts that take too long, settles those whose handlers do not heed it,
 * and gives back tasks that found no thread. Never calls the broker, so nothing delays
 * it. One look at everything in place of a timer for each task.
 */
final class Watchdog {

	private static final Logger logger = LoggerFactory.getLogger(Watchdog.class);

	private static final int IDLE_FACTOR = 3;

	private final Runners runners;

	private final TaskRunner taskRunner;

	private final WorkerListener listener;

	private final Duration grace;

	private final Rhythm rhythm;

	private final Loop loop = new Loop("task-queue-watchdog", this::pass);

	Watchdog(Runners runners, TaskRunner taskRunner, WorkerListener listener, Duration grace, Rhythm rhythm) {
		this.runners = runners;
		this.taskRunner = taskRunner;
		this.listener = listener;
		this.grace = grace;
		this.rhythm = rhythm;
	}

	void start() {
		this.loop.start();
	}

	boolean stop(Duration limit) {
		this.loop.stop();
		return this.loop.join(limit);
	}

	private Duration pass() {
		this.runners.giveBack(this.rhythm.bufferAge());
		var running = this.runners.running();
		for (Attempt attempt : running) {
			if (attempt.isOverdue()) {
				attempt.interrupt(Interruption.TIMEOUT);
			}
			else if (attempt.becomesStuck(this.grace)) {
				leaveBehind(attempt);
			}
		}
		return this.rhythm.watch().multipliedBy(running.isEmpty() ? IDLE_FACTOR : 1);
	}

	private void leaveBehind(Attempt attempt) {
		logger.error(
				"{} has not come back within {} after it was interrupted ({}); it goes on to hold its slot. At:\n{}",
				attempt, this.grace, attempt.interruption(), stack(attempt));
		this.taskRunner.runOutOfPatience(attempt);
		Run run = attempt.run();
		if (run != null) {
			this.listener.stuck(run);
		}
	}

	private static String stack(Attempt attempt) {
		return Arrays.stream(attempt.stack()).map((frame) -> "\tat " + frame).collect(Collectors.joining("\n"));
	}

}
