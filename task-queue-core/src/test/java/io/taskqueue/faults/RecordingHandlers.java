package io.taskqueue.faults;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

import io.taskqueue.TaskContext;
import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.Handler.Policy;
import io.taskqueue.handler.HandlerRegistry;

/**
 * The handlers of all workers in fault tests. They write what they do to a journal.
 */
final class RecordingHandlers {

	/** Takes as many milliseconds as the payload says. */
	static final String WORK = "work";

	/** Takes until it is released or interrupted. */
	static final String HOLD = "hold";

	/** Ends the process at once. */
	static final String HALT = "halt";

	private final Journal journal;

	private final CountDownLatch released = new CountDownLatch(1);

	RecordingHandlers(Journal journal) {
		this.journal = journal;
	}

	/** Lets all tasks of the type hold end, those to come too. */
	void release() {
		this.released.countDown();
	}

	HandlerRegistry registry() {
		HandlerRegistry registry = new HandlerRegistry();
		register(registry, WORK,
				(task) -> Thread.sleep(Long.parseLong(new String(task.payload(), StandardCharsets.UTF_8))));
		register(registry, HOLD, (task) -> this.released.await());
		register(registry, HALT, (task) -> Runtime.getRuntime().halt(1));
		return registry;
	}

	private void register(HandlerRegistry registry, String type, Body body) {
		registry.register(new Handler(type, "RecordingHandlers#" + type, Policy.STANDARD, (task) -> {
			this.journal.write(Kind.STARTED, task.id(), task.retried());
			try {
				body.run(task);
			}
			catch (InterruptedException ex) {
				this.journal.write(Kind.INTERRUPTED, task.id(), task.retried());
				throw ex;
			}
			this.journal.write(Kind.FINISHED, task.id(), task.retried());
			return null;
		}));
	}

	/** What a handler does between its events. */
	@FunctionalInterface
	private interface Body {

		void run(TaskContext task) throws InterruptedException;

	}

}
