package io.taskqueue.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a queue going: due tasks, crashed owners, expired leases, leftovers. Every method
 * is safe to repeat and to run on many nodes at once; each throws
 * {@link TaskQueueUnavailableException} when its effect is not known.
 */
public interface UpkeepBroker {

	/**
	 * Moves tasks that are due from the scheduled and retry sets to the queue, earliest
	 * first; those of an aggregation group to their group.
	 * @param limit how many at most
	 */
	Promoted promote(String queue, int limit);

	/**
	 * The answer to a promotion.
	 *
	 * @param moved how many tasks were moved; where it is the limit there may be more
	 * @param nextDue when the next task is due; {@code null} if none waits
	 */
	record Promoted(int moved, @Nullable Instant nextDue) {
	}

	/** Returns the owners that have fetched from the queue and may hold tasks of it. */
	List<OwnerSeen> owners(String queue);

	/**
	 * An owner of tasks.
	 *
	 * @param owner its token
	 * @param lastSeen when it last fetched or renewed, in whole seconds
	 */
	record OwnerSeen(String owner, Instant lastSeen) {
	}

	/** Returns active tasks that the owner holds. */
	List<Held> heldBy(String queue, String owner, int limit);

	/** Forgets an owner that holds nothing any more. */
	void forgetOwner(String queue, String owner);

	/** Returns tasks whose leases expired at or before a time, whoever held them. */
	List<Held> expired(String queue, Instant before, int limit);

	/**
	 * A task in an owner's hands.
	 *
	 * @param id the task's id
	 * @param message the encoded record
	 * @param lease when its lease expires
	 * @param owned whether one of our workers holds it; otherwise asynq's rules apply
	 * @param crashes how many workers in a row died while they held it
	 */
	record Held(String id, byte[] message, Instant lease, boolean owned, int crashes) {
	}

	/**
	 * Takes tasks away from their owners. A task whose lease is no longer the one that
	 * was seen is left alone.
	 * @return which were recovered
	 */
	Set<String> recover(String queue, List<Recovery> recoveries);

	/** What to do with a task that was held. */
	sealed interface Recovery {

		/** The task's id. */
		String id();

		/** The lease that was seen. */
		Instant lease();

	}

	/**
	 * Back to the head of the queue, no attempt used.
	 *
	 * @param crashes what to note for the next fetch
	 */
	record Requeue(String id, Instant lease, int crashes) implements Recovery {
	}

	/** A failed attempt: tried again later. */
	record RetryAt(String id, Instant lease, byte[] message, Instant at) implements Recovery {
	}

	/** Not tried again. */
	record Archive(String id, Instant lease, byte[] message) implements Recovery {
	}

	/**
	 * Repairs a bounded part of what crashes of asynq servers or operators can leave:
	 * active ids without a lease get one that has expired, ids without a task are
	 * dropped.
	 * @return how many were repaired
	 */
	int repair(String queue);

	/**
	 * Deletes completed tasks whose retention has passed.
	 * @param limit how many at most
	 * @return how many
	 */
	int purgeCompleted(String queue, int limit);

	/**
	 * Deletes archived tasks beyond the limits of the archive.
	 * @param limit how many at most
	 * @return how many
	 */
	int trimArchive(String queue, int limit);

	/**
	 * Claims the sweep of a queue for one node of the fleet.
	 * @param every how long the claim lasts
	 * @return whether the caller has it; {@code false} while somebody's claim lasts
	 */
	boolean claimSweep(String queue, Duration every);

	/**
	 * Looks at a part of the queue's tasks for strays: tasks that are in none of the
	 * lists and sets, which asynq leaves when it settles a task after its lease was lost.
	 * @param cursor where to go on; empty to begin
	 * @return what was found, and where to go on
	 */
	Sweep sweep(String queue, String cursor);

	/**
	 * The answer to a part of a sweep.
	 *
	 * @param cursor where to go on; empty when all was seen
	 * @param strays ids of tasks that seem to be in no list or set
	 */
	record Sweep(String cursor, List<String> strays) {
	}

	/**
	 * Brings strays back: those that were to run go to the end of the queue, to their
	 * time or to their aggregation group; what was done or archived is deleted. An id
	 * that is no stray (any more) is left alone.
	 * @return what became of each, by id
	 */
	Map<String, Fate> bringBack(String queue, Collection<String> strays);

	/** What became of a stray. */
	enum Fate {

		/** It will run. */
		QUEUED,
		/** It was done, archived or no task at all, and is gone. */
		DELETED

	}

}
