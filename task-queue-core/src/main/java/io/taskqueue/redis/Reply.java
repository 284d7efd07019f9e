package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of a script, element by element. The two drivers differ in what they
 * make of integers, so both forms are understood.
 */
final class Reply {

	private final List<?> values;

	private final Script script;

	private int position;

	private Reply(Script script, List<?> values) {
		this.script = script;
		this.values = values;
	}

	/** Reads an array. */
	static Reply of(Script script, @Nullable Object answer) {
		if (answer instanceof List<?> values) {
			return new Reply(script, values);
		}
		throw new IllegalStateException("%s answered %s in place of an array".formatted(script, answer));
	}

	/** Reads a single number. */
	static long number(Script script, @Nullable Object answer) {
		return new Reply(script, List.of((answer != null) ? answer : "")).number();
	}

	boolean hasNext() {
		return this.position < this.values.size();
	}

	int size() {
		return this.values.size();
	}

	byte[] bytes() {
		Object value = next();
		if (value instanceof byte[] bytes) {
			return bytes;
		}
		throw unexpected(value);
	}

	String text() {
		return new String(bytes(), StandardCharsets.UTF_8);
	}

	long number() {
		Object value = next();
		if (value instanceof Number number) {
			return number.longValue();
		}
		if (value instanceof byte[] bytes) {
			try {
				return Long.parseLong(new String(bytes, StandardCharsets.ISO_8859_1));
			}
			catch (NumberFormatException ex) {
				throw unexpected(new String(bytes, StandardCharsets.ISO_8859_1));
			}
		}
		throw unexpected(value);
	}

	/** Reads bytes that may be absent. */
	byte @Nullable [] bytesOrNull() {
		if (this.values.get(this.position) == null) {
			this.position++;
			return null;
		}
		return bytes();
	}

	/** Reads text that may be absent. */
	@Nullable String textOrNull() {
		byte[] bytes = bytesOrNull();
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
	}

	/** Reads an array in the array. */
	Reply array() {
		return of(this.script, next());
	}

	/** Reads what TIME answers: seconds and microseconds. */
	Instant time() {
		long second = number();
		return Instant.ofEpochSecond(second, number() * 1000);
	}

	/** Reads a number that may be absent, written as no bytes. */
	long numberOr(long absent) {
		Object value = this.values.get(this.position);
		if (value instanceof byte[] bytes && bytes.length == 0) {
			this.position++;
			return absent;
		}
		return number();
	}

	private @Nullable Object next() {
		if (!hasNext()) {
			throw new IllegalStateException("%s answered only %d values".formatted(this.script, this.values.size()));
		}
		return this.values.get(this.position++);
	}

	private IllegalStateException unexpected(@Nullable Object value) {
		return new IllegalStateException(
				"%s answered %s at position %d".formatted(this.script, value, this.position - 1));
	}

}
