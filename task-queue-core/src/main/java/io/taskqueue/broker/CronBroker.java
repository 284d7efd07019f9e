package io.taskqueue.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the definitions of cron tasks of one namespace, and says who fires them.
 */
public interface CronBroker {

	/**
	 * Returns what changed since an earlier answer.
	 * @param known the {@link Changes#sequence()} of that answer; 0 for none
	 */
	Changes changes(long known);

	/** Returns a definition, or {@code null}. */
	@Nullable Stored find(String uuid);

	/**
	 * Writes a definition if nobody did meanwhile.
	 * @param before the revision that it replaces; 0 if there was none
	 * @param above a number that the new revision exceeds
	 * @param record the new content; empty to delete the definition
	 * @return whether it was written
	 */
	boolean store(String uuid, long before, long above, String record);

	/**
	 * Notes that this process declares definitions now.
	 * @return those that nobody was known to declare
	 */
	Set<String> declared(Collection<String> uuids);

	/** Returns definitions that nobody has declared since the given time. */
	List<String> undeclaredSince(Instant time);

	/** Forgets that definitions were ever declared. */
	void forgetDeclared(Collection<String> uuids);

	/**
	 * Becomes leader if there is none, or stays it.
	 * @param token names the candidate
	 * @param lease how long it leads without asking again
	 * @param above a number that the epoch of a new leader exceeds
	 */
	Leadership lead(String token, Duration lease, long above);

	/** Stops leading, if it is this one who leads, and tells the others. */
	void resign(String token);

	/** Returns the token of the leader, or {@code null} if there is none. */
	@Nullable String leader();

	/**
	 * Calls back when definitions change or a leader resigns, until closed. Messages may
	 * be lost.
	 */
	FleetBroker.Listening listen(Runnable callback);

	/**
	 * What changed.
	 *
	 * @param sequence to be given with the next question
	 * @param complete whether these are all definitions, so that those missing are gone
	 * @param tasks definitions by uuid
	 * @param deleted of what was asked for, the uuids that are gone
	 */
	record Changes(long sequence, boolean complete, Map<String, Stored> tasks, Set<String> deleted) {
	}

	/**
	 * A definition as it is kept.
	 *
	 * @param revision grows with every change
	 * @param record the content
	 */
	record Stored(long revision, String record) {
	}

	/**
	 * The answer to a candidate.
	 *
	 * @param epoch the number of the leadership, higher than those of all earlier
	 * leaders; 0 if another one leads
	 * @param remaining how long the leader's lease lasts
	 */
	record Leadership(long epoch, Duration remaining) {
	}

}
