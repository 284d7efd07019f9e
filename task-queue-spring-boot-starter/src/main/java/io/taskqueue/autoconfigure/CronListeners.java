package io.taskqueue.autoconfigure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.taskqueue.cron.CronFiring;
import io.taskqueue.cron.CronListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Tells several listeners, and everybody about the leadership; one that fails does not
 * keep the others from hearing.
 */
final class CronListeners implements CronListener {

	private static final Logger logger = LoggerFactory.getLogger(CronListeners.class);

	private final List<CronListener> listeners;

	private final ApplicationEventPublisher events;

	CronListeners(List<CronListener> listeners, ApplicationEventPublisher events) {
		this.listeners = List.copyOf(listeners);
		this.events = events;
	}

	@Override
	public void leadershipTaken(String node) {
		tell((listener) -> listener.leadershipTaken(node));
		this.events.publishEvent(new CronLeadershipEvent(this, node, true));
	}

	@Override
	public void leadershipLost(String node) {
		tell((listener) -> listener.leadershipLost(node));
		this.events.publishEvent(new CronLeadershipEvent(this, node, false));
	}

	@Override
	public CronFiring firing(String uuid, String type, String queue, Instant tick) {
		List<CronFiring> firings = new ArrayList<>();
		tell((listener) -> firings.add(listener.firing(uuid, type, queue, tick)));
		return new CronFiring() {

			@Override
			public Map<String, String> headers() {
				Map<String, String> headers = new LinkedHashMap<>();
				tell(firings, (firing) -> headers.putAll(firing.headers()));
				return headers;
			}

			@Override
			public void ended(Ending ending, @Nullable Throwable error) {
				tell(firings, (firing) -> firing.ended(ending, error));
			}

		};
	}

	@Override
	public void fired(String uuid, String taskId, Instant tick) {
		tell((listener) -> listener.fired(uuid, taskId, tick));
	}

	@Override
	public void overlapped(String uuid, Instant tick) {
		tell((listener) -> listener.overlapped(uuid, tick));
	}

	@Override
	public void missed(String uuid, Instant first, Instant last) {
		tell((listener) -> listener.missed(uuid, first, last));
	}

	private void tell(Consumer<CronListener> event) {
		tell(this.listeners, event);
	}

	private static <T> void tell(List<T> listeners, Consumer<T> event) {
		for (T listener : listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Cron listener {} failed", listener.getClass().getName(), ex);
			}
		}
	}

}
