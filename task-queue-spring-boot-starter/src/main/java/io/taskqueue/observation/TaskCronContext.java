package io.taskqueue.observation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * A tick of a cron task under observation. Its carrier takes the headers that its
 * occurrence gets.
 */
public final class TaskCronContext extends SenderContext<Map<String, String>> {

	private final String uuid;

	private final String type;

	private final String queue;

	private final Instant tick;

	private String outcome = TaskEnqueueContext.UNKNOWN;

	TaskCronContext(String uuid, String type, String queue, Instant tick) {
		super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.PRODUCER);
		setCarrier(new LinkedHashMap<>(4));
		this.uuid = uuid;
		this.type = type;
		this.queue = queue;
		this.tick = tick;
	}

	/** Returns the cron task. */
	public String uuid() {
		return this.uuid;
	}

	/** Returns the type of its tasks. */
	public String type() {
		return this.type;
	}

	/** Returns the queue. */
	public String queue() {
		return this.queue;
	}

	/** Returns when the tick was due. */
	public Instant tick() {
		return this.tick;
	}

	/**
	 * Returns how it ended: the name of a {@link io.taskqueue.cron.CronFiring.Ending} in
	 * lower case, or {@code unknown} until then.
	 */
	public String outcome() {
		return this.outcome;
	}

	void ended(String outcome) {
		this.outcome = outcome;
	}

}
