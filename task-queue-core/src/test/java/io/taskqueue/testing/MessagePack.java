package io.taskqueue.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The part of MessagePack that Redis writes for an array of strings.
 */
final class MessagePack {

	private MessagePack() {
	}

	/** Writes an array of byte strings; what is no bytes is written as text. */
	static byte[] strings(Object... values) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(0x90 | values.length);
		for (Object value : values) {
			byte[] bytes = (value instanceof byte[] given) ? given : value.toString().getBytes(StandardCharsets.UTF_8);
			if (bytes.length < 32) {
				out.write(0xa0 | bytes.length);
			}
			else {
				out.write(0xd9);
				out.write(bytes.length);
			}
			out.writeBytes(bytes);
		}
		return out.toByteArray();
	}

}
