package io.taskqueue.handler;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a task type: the one registered for exactly that type, else the
 * one with the longest prefix that ends before or after a {@code :}, {@code .} or
 * {@code /}. (asynq takes any prefix, so that {@code email} also gets {@code emailx}.)
 * Thread-safe.
 */
public final class HandlerRegistry {

	private final Map<String, Handler> handlers = new ConcurrentHashMap<>();

	/**
	 * Registers a handler.
	 * @throws DuplicateHandlerException when the pattern is taken; the first one stays
	 */
	public void register(Handler handler) {
		Handler first = this.handlers.putIfAbsent(handler.pattern(), handler);
		if (first != null) {
			throw new DuplicateHandlerException(handler.pattern(), first.source(), handler.source());
		}
	}

	/** Returns the handler for a type, or {@code null} if there is none. */
	public @Nullable Handler find(String type) {
		return TypePatterns.closest(type, this.handlers::get);
	}

	/** Returns all handlers. */
	public Collection<Handler> all() {
		return this.handlers.values();
	}

}
