package io.taskqueue.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Walks through the fields of one protobuf record. A field of an unexpected wire type
 * makes the record invalid: nobody writes such a field, so the bytes are something else.
 */
final class RecordReader {

	private static final int LONGEST_NUMBER = 10;

	/** Protobuf's own limit. */
	private static final int DEEPEST_GROUP = 100;

	private final byte[] bytes;

	private final String what;

	private int position;

	private int field;

	private int wireType;

	private int depth;

	RecordReader(byte[] bytes, String what) {
		this.bytes = bytes;
		this.what = what;
	}

	/** Moves to the next field and returns its number, or 0 at the end. */
	int next() {
		if (this.position == this.bytes.length) {
			return 0;
		}
		long tag = varint();
		this.wireType = (int) (tag & 7);
		this.field = (int) (tag >>> 3);
		if (this.field <= 0 || tag >>> 32 != 0) {
			throw invalid("there is no field " + (tag >>> 3));
		}
		return this.field;
	}

	String text() {
		expect(WireType.BYTES);
		int length = length();
		String text = new String(this.bytes, this.position, length, StandardCharsets.UTF_8);
		// The replacement character stands for what is not UTF-8, or for itself
		if (text.indexOf('\uFFFD') >= 0) {
			requireUtf8(length);
		}
		this.position += length;
		return text;
	}

	byte[] bytes() {
		expect(WireType.BYTES);
		int length = length();
		byte[] value = Arrays.copyOfRange(this.bytes, this.position, this.position + length);
		this.position += length;
		return value;
	}

	long number() {
		expect(WireType.VARINT);
		return varint();
	}

	int smallNumber() {
		return (int) number();
	}

	boolean flag() {
		return number() != 0;
	}

	Instant time() {
		RecordReader time = new RecordReader(bytes(), this.what);
		long seconds = 0;
		long nanos = 0;
		for (int field = time.next(); field != 0; field = time.next()) {
			switch (field) {
				case 1 -> seconds = time.number();
				case 2 -> nanos = time.number();
				default -> time.skip();
			}
		}
		try {
			return Instant.ofEpochSecond(seconds, nanos);
		}
		catch (DateTimeException | ArithmeticException ex) {
			throw invalid("there is no time %d s, %d ns".formatted(seconds, nanos));
		}
	}

	void skip() {
		switch (this.wireType) {
			case WireType.VARINT -> varint();
			case WireType.FIXED64 -> advance(8);
			case WireType.BYTES -> advance(length());
			case WireType.FIXED32 -> advance(4);
			case WireType.GROUP -> skipGroup(this.field);
			default -> throw invalid("field %d has wire type %d".formatted(this.field, this.wireType));
		}
	}

	/**
	 * No record of asynq has groups, but a reader must be able to skip what it does not
	 * know.
	 */
	private void skipGroup(int group) {
		if (++this.depth > DEEPEST_GROUP) {
			throw invalid("its groups are nested deeper than " + DEEPEST_GROUP);
		}
		while (next() != 0) {
			if (this.wireType != WireType.GROUP_END) {
				skip();
			}
			else if (this.field == group) {
				this.depth--;
				return;
			}
			else {
				break;
			}
		}
		throw invalid("field %d begins a group that does not end".formatted(group));
	}

	private long varint() {
		long value = 0;
		for (int index = 0; index < LONGEST_NUMBER; index++) {
			if (this.position == this.bytes.length) {
				throw invalid("it ends within a number");
			}
			byte next = this.bytes[this.position++];
			value |= (next & 0x7FL) << (7 * index);
			if (next >= 0) {
				return value;
			}
		}
		throw invalid("a number has more than %d bytes".formatted(LONGEST_NUMBER));
	}

	private int length() {
		long length = varint();
		if (length < 0 || length > this.bytes.length - this.position) {
			throw invalid("it ends within field " + this.field);
		}
		return (int) length;
	}

	private void advance(int count) {
		if (count > this.bytes.length - this.position) {
			throw invalid("it ends within field " + this.field);
		}
		this.position += count;
	}

	private void requireUtf8(int length) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(this.bytes, this.position, length));
		}
		catch (CharacterCodingException ex) {
			throw invalid("field %d is not UTF-8".formatted(this.field));
		}
	}

	private void expect(int wireType) {
		if (this.wireType != wireType) {
			throw invalid("field %d has wire type %d, not %d".formatted(this.field, this.wireType, wireType));
		}
	}

	private IllegalArgumentException invalid(String problem) {
		return new IllegalArgumentException("not a valid %s record: %s".formatted(this.what, problem));
	}

}
