package io.taskqueue.client;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

import io.taskqueue.PayloadCodec;

/**
 * Writes payloads as their text.
 */
final class TextCodec implements PayloadCodec {

	@Override
	public byte[] encode(Object payload) {
		return (payload != null) ? payload.toString().getBytes(StandardCharsets.UTF_8) : new byte[0];
	}

	@Override
	public Object decode(byte[] payload, Type type) {
		return new String(payload, StandardCharsets.UTF_8);
	}

}
