package io.taskqueue.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import com.google.protobuf.CodedOutputStream;

/**
 * Writes one protobuf record by proto3's rules: what is zero or empty is left out.
 */
final class RecordWriter {

	private final ByteArrayOutputStream bytes;

	private final CodedOutputStream out;

	RecordWriter(int sizeHint) {
		this.bytes = new ByteArrayOutputStream(sizeHint);
		this.out = CodedOutputStream.newInstance(this.bytes, Math.max(sizeHint, 64));
	}

	RecordWriter text(int field, String value) {
		// Replaces unpaired surrogates, which Go's decoder would refuse
		return bytes(field, value.getBytes(StandardCharsets.UTF_8));
	}

	RecordWriter bytes(int field, byte[] value) {
		return (value.length > 0) ? present(field, value) : this;
	}

	/** Writes bytes or a nested record even where it is empty. */
	RecordWriter present(int field, byte[] value) {
		return write(() -> this.out.writeByteArray(field, value));
	}

	RecordWriter number(int field, long value) {
		return (value != 0) ? write(() -> this.out.writeInt64(field, value)) : this;
	}

	RecordWriter flag(int field, boolean value) {
		return number(field, value ? 1 : 0);
	}

	RecordWriter time(int field, Instant value) {
		return present(field,
				new RecordWriter(16).number(1, value.getEpochSecond()).number(2, value.getNano()).toBytes());
	}

	byte[] toBytes() {
		write(this.out::flush);
		return this.bytes.toByteArray();
	}

	private RecordWriter write(Step step) {
		try {
			step.run();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("writing to memory failed", ex);
		}
	}

	@FunctionalInterface
	private interface Step {

		void run() throws IOException;

	}

}
