package io.taskqueue;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A task of an aggregation group, as an aggregator sees it.
 *
 * @param <T> the payload's type
 * @param id the task's id
 * @param type the task's type
 * @param payload the payload; {@code null} where the task has none
 * @param headers the headers; unmodifiable
 */
public record GroupedTask<T>(String id, String type, @Nullable T payload, Map<String, String> headers) {

	public GroupedTask {
		headers = Map.copyOf(headers);
	}

}
