package io.taskqueue.embeddedredis;

/**
 * Thrown when no Redis server could be started. The message says why and what can be done
 * about it.
 */
public final class EmbeddedRedisException extends RuntimeException {

	private final String problem;

	private final String action;

	EmbeddedRedisException(String problem, String action) {
		super(problem + "\n" + action);
		this.problem = problem;
		this.action = action;
	}

	String problem() {
		return this.problem;
	}

	String action() {
		return this.action;
	}

}
