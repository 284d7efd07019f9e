package io.taskqueue.autoconfigure;

import java.util.Collection;

import io.taskqueue.handler.Handler;
import io.taskqueue.queues.QueueSelection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of handlers and queues that do not go well together.
 */
final class QueueAdvice {

	private static final Logger logger = LoggerFactory.getLogger(QueueAdvice.class);

	private final TaskQueueProperties properties;

	QueueAdvice(TaskQueueProperties properties) {
		this.properties = properties;
	}

	void logFor(Collection<Handler> handlers) {
		if (!this.properties.worker().enabled()) {
			return;
		}
		warnOfLostStars();
		QueueSelection queues = new QueueSelection(EngineOptions.queues(this.properties));
		for (Handler handler : handlers) {
			if (queues.weight(queue(handler)) == null) {
				logger.warn(
						"Tasks of type '{}' go to queue '{}', on which this application does not work, although it has "
								+ "their handler {}. Set task-queue.worker.queues.{}=1, and likewise every other queue "
								+ "it is to work on, unless other applications do.",
						handler.pattern(), queue(handler), handler.source(), queue(handler));
			}
			else if (limit(handler) > 0 && isShared(queue(handler), handlers)) {
				logger.warn(
						"Handler {} runs at most {} tasks at once, but shares queue '{}' with other handlers: its waiting "
								+ "tasks can hold up theirs. Give it a queue of its own, with the annotation or "
								+ "task-queue.handlers[{}].queue.",
						handler.source(), limit(handler), queue(handler), handler.pattern());
			}
		}
	}

	/** Spring Boot drops a star from a map's key that is not written in brackets. */
	private void warnOfLostStars() {
		for (String queue : this.properties.worker().queues().keySet()) {
			if (queue.endsWith("-")) {
				logger.warn(
						"task-queue.worker.queues names a queue '{}'. If it is to be a pattern, write it in brackets: "
								+ "\"[{}*]\"",
						queue, queue);
			}
		}
	}

	private static int limit(Handler handler) {
		int here = handler.policy().concurrency();
		return (here > 0) ? here : handler.policy().totalConcurrency();
	}

	private boolean isShared(String queue, Collection<Handler> handlers) {
		return handlers.stream().filter((other) -> queue(other).equals(queue)).count() > 1;
	}

	private String queue(Handler handler) {
		String queue = handler.policy().defaults().queue();
		return (queue != null) ? queue : this.properties.defaultQueue();
	}

}
