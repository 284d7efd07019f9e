package io.taskqueue.handler;

import org.jspecify.annotations.Nullable;

/**
 * An annotated method cannot be a handler as it is declared.
 */
public class InvalidHandlerException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String source;

	private final String problem;

	private final String fix;

	InvalidHandlerException(String source, String problem, String fix) {
		this(source, problem, fix, null);
	}

	/**
	 * Creates an exception.
	 * @param source the method
	 * @param problem what is wrong, without a full stop
	 * @param fix what to write instead, without a full stop
	 * @param cause what found the problem; {@code null} for nothing
	 */
	public InvalidHandlerException(String source, String problem, String fix, @Nullable Throwable cause) {
		super("Task handler %s: %s. %s.".formatted(source, problem, fix), cause);
		this.source = source;
		this.problem = problem;
		this.fix = fix;
	}

	/** Returns the method: {@code com.acme.LoginTasks#onFailure}. */
	public String source() {
		return this.source;
	}

	/** Returns what is wrong, without a full stop. */
	public String problem() {
		return this.problem;
	}

	/** Returns what to write instead, without a full stop. */
	public String fix() {
		return this.fix;
	}

}
