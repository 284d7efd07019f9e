package io.taskqueue.loop;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A loop that may be started and stopped again and again, each time on a thread of its
 * own. Both are idempotent and may be called from any thread.
 */
public final class RestartableLoop {

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private final String name;

	private final Loop.Pass pass;

	/** Guarded by this. */
	private @Nullable Loop running;

	/**
	 * Creates a loop, not started.
	 * @param name the name of its threads, daemons
	 * @param pass what to do
	 */
	public RestartableLoop(String name, Loop.Pass pass) {
		this.name = name;
		this.pass = pass;
	}

	/** Starts a thread, unless one runs. */
	public synchronized void start() {
		if (this.running == null) {
			Loop loop = new Loop(this.name, this.pass);
			this.running = loop;
			loop.start();
		}
	}

	/** Stops the thread. Waits for a pass under way, five seconds at most. */
	public void stop() {
		Loop loop = take();
		if (loop != null) {
			loop.stop();
			loop.join(STOP_LIMIT);
		}
	}

	/** Tells whether it was started and not stopped since. */
	public synchronized boolean isRunning() {
		return this.running != null;
	}

	/** Not while waiting for the thread, which may itself ask. */
	private synchronized @Nullable Loop take() {
		Loop taken = this.running;
		this.running = null;
		return taken;
	}

}
