package io.taskqueue.maintenance;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all listeners. One that fails keeps neither the others from hearing nor the tasks
 * from going on.
 */
final class AggregationListeners implements AggregationListener {

	private static final Logger logger = LoggerFactory.getLogger(AggregationListeners.class);

	private final List<AggregationListener> listeners;

	AggregationListeners(List<AggregationListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void merged(String queue, String group, int tasks, String id) {
		tell((listener) -> listener.merged(queue, group, tasks, id));
	}

	@Override
	public void failed(String queue, String group, Throwable error, Instant until) {
		tell((listener) -> listener.failed(queue, group, error, until));
	}

	@Override
	public void rejected(String queue, String group, String id, Throwable error) {
		tell((listener) -> listener.rejected(queue, group, id, error));
	}

	@Override
	public void lost(String queue, String group) {
		tell((listener) -> listener.lost(queue, group));
	}

	private void tell(Consumer<AggregationListener> event) {
		for (AggregationListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | LinkageError ex) {
				logger.warn("Aggregation listener {} failed", listener.getClass().getName(), ex);
			}
		}
	}

}
