package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of one script call.
 */
final class Args {

	private static final byte[] NONE = {};

	private static final byte[] ZERO = { '0' };

	private static final byte[] ONE = { '1' };

	private final List<byte[]> values;

	Args(int sizeHint) {
		this.values = new ArrayList<>(sizeHint);
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	Args add(byte[] value) {
		this.values.add(value);
		return this;
	}

	Args add(String value) {
		return add(value.isEmpty() ? NONE : utf8(value));
	}

	Args add(long value) {
		return (value == 0) ? add(ZERO) : add(Long.toString(value).getBytes(StandardCharsets.ISO_8859_1));
	}

	Args flag(boolean value) {
		return add(value ? ONE : ZERO);
	}

	Args none() {
		return add(NONE);
	}

	List<byte[]> values() {
		return this.values;
	}

}
