package io.taskqueue.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import io.taskqueue.TaskOptions;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;

/**
 * What counts for tasks of a type unless the call says otherwise: its configuration, then
 * the policy of its handler, which was joined with the handler's configuration when it
 * was registered. An application without the handler knows the type's configuration only.
 */
final class TypeDefaults implements Function<String, TaskOptions> {

	private final Map<String, TaskOptions> configured = new HashMap<>();

	private final HandlerRegistry handlers;

	TypeDefaults(Map<String, HandlerProperties> configured, HandlerRegistry handlers) {
		configured.forEach((type, options) -> this.configured.put(type, options.toTaskOptions()));
		this.handlers = handlers;
	}

	@Override
	public TaskOptions apply(String type) {
		TaskOptions options = this.configured.getOrDefault(type, TaskOptions.unset());
		Handler handler = this.handlers.find(type);
		return (handler != null) ? options.orElse(handler.policy().defaults()) : options;
	}

}
