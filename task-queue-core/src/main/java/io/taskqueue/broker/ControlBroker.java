package io.taskqueue.broker;

import java.time.Instant;
import java.util.List;

import io.taskqueue.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Does what operators ask for. Every method is one step; none looks at more tasks than it
 * is given or told. A task that was touched has no past: crashes and deferrals are
 * forgotten.
 */
public interface ControlBroker {

	/**
	 * Pauses a queue.
	 * @return whether it was not paused before
	 */
	boolean pause(String queue);

	/**
	 * Resumes a queue.
	 * @return whether it was paused before
	 */
	boolean resume(String queue);

	/**
	 * Does something to tasks.
	 * @return one answer per id, in their order
	 */
	List<Answer> change(String queue, Verb verb, List<String> ids);

	/**
	 * Does something to the first tasks of a state.
	 * @param group the group where the state is aggregating, {@code null} otherwise
	 * @param limit how many at most
	 */
	Some changeSome(String queue, Verb verb, TaskState state, @Nullable String group, int limit);

	/** Gives a task that waits another time. */
	Answer reschedule(String queue, String id, Instant at);

	/**
	 * Replaces the record of a task that waits.
	 * @param before the record that was read
	 * @param after the new record
	 * @param lock the unique lock so far; empty for none
	 * @param newLock the lock to hold instead; empty for the same
	 */
	Answer rewrite(String queue, String id, byte[] before, byte[] after, String lock, String newLock);

	/** Archives a task that waits, and asks whoever holds it to stop otherwise. */
	Cancelled cancel(String queue, String id);

	/**
	 * Begins to delete a queue. From then on it is empty for everybody.
	 * @param force whether tasks that wait or are archived may be deleted with it
	 * @return done, active if a task is, already if it is not empty
	 */
	Answer beginDeletion(String queue, boolean force);

	/**
	 * Deletes some of the tasks of queues whose deletion has begun.
	 * @param limit how many at most
	 * @return how many were looked at; 0 where the deletion is complete
	 */
	int deleteSome(String queue, int limit);

	/** What may be done to a task. */
	enum Verb {

		/** To the end of the queue. */
		RUN,
		/** Into the archive. */
		ARCHIVE,
		/** Gone, with the lock that it owns. */
		DELETE

	}

	/** What became of a request. */
	enum Answer {

		/** As asked. */
		DONE,
		/** There is no such task. */
		MISSING,
		/** A worker holds it. */
		ACTIVE,
		/** Its state leaves nothing to do, or does not allow it. */
		ALREADY,
		/** It is not where its state says. */
		ELSEWHERE,
		/** The record is no longer the one that was read. */
		CHANGED,
		/** Another task has the lock. */
		LOCKED

	}

	/** What became of a request to cancel. */
	enum Cancelled {

		/** It waited, and is archived. */
		ARCHIVED,
		/** One of our workers holds it and will find the request. */
		REQUESTED,
		/** An asynq server holds it and was sent a message. */
		SENT,
		/** There is no such task. */
		MISSING,
		/** It is archived or completed. */
		ENDED,
		/** It is not where its state says. */
		ELSEWHERE

	}

	/**
	 * What was done to some tasks of a state.
	 *
	 * @param before how many tasks were in the state
	 * @param looked how many of them were looked at
	 * @param done to how many it was done
	 */
	record Some(long before, int looked, int done) {
	}

}
