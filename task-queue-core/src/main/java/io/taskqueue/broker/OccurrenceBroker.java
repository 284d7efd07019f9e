package io.taskqueue.broker;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.taskqueue.OverlapPolicy;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * Turns ticks of cron tasks into tasks, and remembers per queue what was fired. Each call
 * is one step in Redis.
 */
public interface OccurrenceBroker {

	/**
	 * Fires ticks of one queue, in their order.
	 * @param epoch the leader's epoch; 0 for somebody else, who may only trigger
	 * @return an answer per tick
	 */
	List<Answer> fire(String queue, long epoch, List<Tick> ticks);

	/**
	 * Refuses a revision of a definition, and all before it, from now on; a tick that
	 * waits for the previous occurrence is given up.
	 * @return the last tick that counts as fired (s); 0 for none
	 */
	long close(String queue, String uuid, long revision);

	/** Returns what is known of a queue's cron tasks, by uuid. */
	Map<String, Entry> entries(String queue);

	/**
	 * Forgets a deleted definition, and refuses all leaders of earlier epochs.
	 * @return whether this leader may do so
	 */
	boolean forget(String queue, long epoch, String uuid);

	/**
	 * A tick to be fired.
	 *
	 * @param verb what to do
	 * @param uuid the cron task
	 * @param revision the definition's revision
	 * @param second the tick (s)
	 * @param overlap what to do if the previous occurrence is not done
	 * @param id the id for the occurrence
	 * @param message the record, whose id does not matter
	 * @param due when to run it; {@code null} for now
	 */
	record Tick(Verb verb, String uuid, long revision, long second, OverlapPolicy overlap, String id,
			TaskMessage message, @Nullable Instant due) {

		/** Returns the tick with headers added to its record's. */
		public Tick withHeaders(Map<String, String> headers) {
			return headers.isEmpty() ? this : new Tick(this.verb, this.uuid, this.revision, this.second, this.overlap,
					this.id, this.message.withHeaders(headers), this.due);
		}

	}

	/** What to do with a tick. */
	enum Verb {

		/** Fire it, unless it or a later one was. */
		FIRE,

		/** Count it as fired. */
		PASS,

		/** Fire it if it waits for the previous occurrence and that is done. */
		RELEASE,

		/** Fire it whatever was fired; the last tick remains what it was. */
		TRIGGER

	}

	/**
	 * What became of a tick.
	 *
	 * @param outcome what
	 * @param id the occurrence's id, if it was created
	 * @param refusedBy the revision or epoch that stands against it, else 0
	 */
	record Answer(Outcome outcome, String id, long refusedBy) {
	}

	/** What became of a tick. */
	enum Outcome {

		/** There is a new task. */
		CREATED,

		/** It was fired before, or passed over on request. */
		KEPT,

		/** The previous occurrence is not done, and this one was left out. */
		SKIPPED,

		/** The previous occurrence is not done, and this one waits for it. */
		WAITING,

		/** The definition has changed. */
		STALE,

		/** There is a newer leader. */
		DEPOSED

	}

	/**
	 * What is known of a cron task.
	 *
	 * @param last the last tick that counts as fired (s)
	 * @param waiting the tick that waits for the previous occurrence (s); 0 for none
	 */
	record Entry(long last, long waiting) {
	}

}
