package io.taskqueue.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Takes any reply as it comes. Of Lettuce's own, the nested list cannot tell a number
 * from a list of one, and the object output fails on a plain value.
 */
final class LettuceReply extends CommandOutput<byte[], byte[], @Nullable Object> {

	private final Deque<List<@Nullable Object>> open = new ArrayDeque<>();

	@SuppressWarnings("NullAway") // Lettuce does not say that a reply may be null
	LettuceReply() {
		super(ByteArrayCodec.INSTANCE, null);
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		add((bytes != null) ? bytes(bytes) : null);
	}

	@Override
	public void set(long integer) {
		add(integer);
	}

	@Override
	public void set(double number) {
		add(String.valueOf(number).getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public void set(boolean value) {
		add(value ? 1L : null);
	}

	@Override
	public void multi(int count) {
		List<@Nullable Object> list = new ArrayList<>(Math.max(0, count));
		add(list);
		this.open.push(list);
	}

	@Override
	public void complete(int depth) {
		// Called after each element with the number of lists that are still open
		while (this.open.size() > depth) {
			this.open.pop();
		}
	}

	private void add(@Nullable Object value) {
		List<@Nullable Object> list = this.open.peek();
		if (list != null) {
			list.add(value);
		}
		else {
			this.output = value;
		}
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

}
