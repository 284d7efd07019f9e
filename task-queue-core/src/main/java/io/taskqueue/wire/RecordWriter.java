package io.taskqueue.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Writes one protobuf record by proto3's rules: what is zero or empty is left out.
 */
final class RecordWriter {

	private static final int LONGEST_NUMBER = 10;

	private byte[] bytes;

	private int size;

	RecordWriter(int sizeHint) {
		this.bytes = new byte[sizeHint];
	}

	RecordWriter text(int field, String value) {
		// Replaces unpaired surrogates, which Go's decoder would refuse
		return value.isEmpty() ? this : present(field, value.getBytes(StandardCharsets.UTF_8));
	}

	RecordWriter bytes(int field, byte[] value) {
		return (value.length > 0) ? present(field, value) : this;
	}

	/** Writes bytes or a nested record even where it is empty. */
	RecordWriter present(int field, byte[] value) {
		require(2 * LONGEST_NUMBER + value.length);
		tag(field, WireType.BYTES);
		varint(value.length);
		System.arraycopy(value, 0, this.bytes, this.size, value.length);
		this.size += value.length;
		return this;
	}

	RecordWriter number(int field, long value) {
		if (value != 0) {
			require(2 * LONGEST_NUMBER);
			tag(field, WireType.VARINT);
			varint(value);
		}
		return this;
	}

	RecordWriter flag(int field, boolean value) {
		return number(field, value ? 1 : 0);
	}

	RecordWriter time(int field, Instant value) {
		return present(field,
				new RecordWriter(32).number(1, value.getEpochSecond()).number(2, value.getNano()).toBytes());
	}

	byte[] toBytes() {
		return Arrays.copyOf(this.bytes, this.size);
	}

	private void tag(int field, int wireType) {
		varint(((long) field << 3) | wireType);
	}

	private void varint(long value) {
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.bytes[this.size++] = (byte) ((rest & 0x7F) | 0x80);
			rest >>>= 7;
		}
		this.bytes[this.size++] = (byte) rest;
	}

	private void require(int more) {
		if (this.bytes.length - this.size < more) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(2 * this.bytes.length, this.size + more));
		}
	}

}
