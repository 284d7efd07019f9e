package io.taskqueue.inspect;

/**
 * A number that may be an estimate, where counting exactly would cost too much.
 *
 * @param value the number
 * @param exact whether it was counted; otherwise it was estimated from a sample
 */
public record Count(long value, boolean exact) {

	/** Returns the number, after a {@code ~} if it is an estimate. */
	@Override
	public String toString() {
		return this.exact ? Long.toString(this.value) : "~" + this.value;
	}

}
