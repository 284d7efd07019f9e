package io.taskqueue;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * Turns payloads into bytes and back. Used from many threads. The default writes JSON and
 * passes {@code byte[]} through unchanged.
 */
public interface PayloadCodec {

	/**
	 * Writes a payload.
	 * @param payload the object; {@code null} is written as no bytes
	 * @throws InvalidTaskException when it cannot be written, naming the place
	 */
	byte[] encode(@Nullable Object payload);

	/**
	 * Reads a payload.
	 * @param payload the stored bytes
	 * @param type the handler's parameter type
	 * @return the object, or {@code null} where there are no bytes
	 * @throws PayloadException when the bytes do not fit the type, naming the place
	 */
	@Nullable Object decode(byte[] payload, Type type);

}
