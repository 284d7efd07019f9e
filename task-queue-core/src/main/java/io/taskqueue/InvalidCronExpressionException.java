package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * A cron expression cannot be read, or can never fire. The message says what is wrong,
 * where in the expression, and what to write in its place.
 */
public class InvalidCronExpressionException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String expression;

	private final int position;

	private final @Nullable String field;

	private final String fix;

	/**
	 * Creates an exception.
	 * @param expression the whole expression, as given
	 * @param position where in it the mistake begins, counted from 1
	 * @param field the field it is in, such as {@code day of week}; {@code null} where it
	 * is in none
	 * @param problem what is wrong, without a full stop
	 * @param fix what to write, as a sentence without a full stop
	 */
	public InvalidCronExpressionException(String expression, int position, @Nullable String field, String problem,
			String fix) {
		super("Invalid cron expression '%s' at position %d%s: %s. %s.".formatted(expression, position,
				(field != null) ? ", " + field : "", problem, fix), null);
		this.expression = expression;
		this.position = position;
		this.field = field;
		this.fix = fix;
	}

	/** Returns the whole expression, as given. */
	public String expression() {
		return this.expression;
	}

	/** Returns where in the expression the mistake begins, counted from 1. */
	public int position() {
		return this.position;
	}

	/** Returns the field the mistake is in, or {@code null} where it is in none. */
	public @Nullable String field() {
		return this.field;
	}

	/** Returns what to write instead. */
	public String fix() {
		return this.fix;
	}

}
