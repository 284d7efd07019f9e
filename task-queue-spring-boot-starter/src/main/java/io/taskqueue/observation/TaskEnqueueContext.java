package io.taskqueue.observation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskRequest;

/**
 * An enqueue call under observation. Its carrier takes the headers that all its tasks
 * get.
 */
public final class TaskEnqueueContext extends SenderContext<Map<String, String>> {

	/** Stands for several different values. */
	static final String MIXED = "mixed";

	static final String UNKNOWN = "unknown";

	private final List<TaskRequest> requests;

	private final String queue;

	private final String type;

	private String outcome = UNKNOWN;

	TaskEnqueueContext(List<TaskRequest> requests) {
		super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.PRODUCER);
		setCarrier(new LinkedHashMap<>(4));
		this.requests = requests;
		this.queue = common(requests, (request) -> Objects.requireNonNullElse(request.options().queue(), UNKNOWN));
		this.type = common(requests, TaskRequest::type);
	}

	/** Returns the tasks, at least one; unmodifiable. */
	public List<TaskRequest> requests() {
		return this.requests;
	}

	/** Returns the queue, or {@code mixed} where there are several. */
	public String queue() {
		return this.queue;
	}

	/** Returns the tasks' type, or {@code mixed} where there are several. */
	public String type() {
		return this.type;
	}

	/**
	 * Returns how it ended, in lower case: the name of an {@link io.taskqueue.Enqueued},
	 * {@code mixed}, or {@code unknown} until then.
	 */
	public String outcome() {
		return this.outcome;
	}

	void answered(List<EnqueueResult> results) {
		this.outcome = common(results, (result) -> result.outcome().name().toLowerCase(Locale.ROOT));
	}

	private static <T> String common(List<T> all, Function<T, String> property) {
		String first = property.apply(all.get(0));
		for (int i = 1; i < all.size(); i++) {
			if (!first.equals(property.apply(all.get(i)))) {
				return MIXED;
			}
		}
		return first;
	}

}
