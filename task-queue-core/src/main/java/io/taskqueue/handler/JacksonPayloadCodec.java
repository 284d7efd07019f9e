package io.taskqueue.handler;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.taskqueue.InvalidTaskException;
import io.taskqueue.PayloadCodec;
import io.taskqueue.PayloadException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads as JSON. {@code byte[]} passes through unchanged both ways, {@code null} is no
 * bytes, and everything else is JSON, so that a {@code String} is written with quotes. A
 * handler that asks for a {@code String} gets the value of a JSON string, and any other
 * text as it is, since Go's producers often send bare text. Thread-safe.
 */
public final class JacksonPayloadCodec implements PayloadCodec {

	private static final byte[] NO_PAYLOAD = {};

	private final JsonMapper mapper;

	private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

	/**
	 * Creates a codec with a mapper of its own, which an application's settings for its
	 * web API do not reach: dates are ISO strings, unknown properties are skipped, a
	 * missing or null primitive is zero, and no class names are written or read.
	 */
	public JacksonPayloadCodec() {
		this(JsonMapper.builder()
			.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.build());
	}

	/**
	 * Creates a codec with a given mapper. Its settings become part of the stored tasks:
	 * what it writes today it must be able to read after the next release.
	 * @param mapper the mapper, used as it is
	 */
	public JacksonPayloadCodec(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public byte[] encode(@Nullable Object payload) {
		if (payload == null) {
			return NO_PAYLOAD;
		}
		if (payload instanceof byte[] bytes) {
			return bytes;
		}
		try {
			return this.mapper.writeValueAsBytes(payload);
		}
		catch (JacksonException ex) {
			throw new InvalidTaskException("payload of %s cannot be written as JSON%s: %s"
				.formatted(payload.getClass().getName(), place(ex), ex.getOriginalMessage()), ex);
		}
	}

	@Override
	public @Nullable Object decode(byte[] payload, Type type) {
		if (payload.length == 0) {
			return null;
		}
		if (type == byte[].class) {
			return payload;
		}
		if (type == String.class) {
			return text(payload);
		}
		try {
			return reader(type).readValue(payload);
		}
		catch (JacksonException ex) {
			throw new PayloadException("payload is not JSON for %s%s: %s".formatted(type.getTypeName(), place(ex),
					ex.getOriginalMessage()), ex);
		}
	}

	private String text(byte[] payload) {
		if (payload[0] == '"') {
			try {
				return reader(String.class).readValue(payload);
			}
			catch (JacksonException ex) {
				// Bare text that begins with a quote
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new PayloadException("payload is not UTF-8 text; take byte[] in place of java.lang.String", ex);
		}
	}

	private ObjectReader reader(Type type) {
		return this.readers.computeIfAbsent(type, (target) -> this.mapper.readerFor(this.mapper.constructType(target)));
	}

	private static String place(JacksonException ex) {
		return ex.getPath().isEmpty() ? "" : " at " + ex.getPathReference();
	}

}
