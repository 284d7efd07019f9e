package io.taskqueue.broker;

import java.util.Set;

/**
 * Keeps which task types the nodes of a namespace do not run for now.
 */
public interface PauseBroker {

	/** Pauses a type, or the prefix of types; without effect if it is paused. */
	void pause(String type);

	/** Resumes what was paused by the same text; without effect if it is not. */
	void resume(String type);

	/** Returns what is paused. */
	Set<String> paused();

}
