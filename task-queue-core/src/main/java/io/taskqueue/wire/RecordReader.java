package io.taskqueue.wire;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;

/**
 * Walks through the fields of one protobuf record. A field of an unexpected wire type
 * makes the record invalid, as in Go.
 */
final class RecordReader {

	private static final byte[] EMPTY = {};

	private final CodedInputStream in;

	private final String what;

	private int tag;

	RecordReader(byte[] bytes, String what) {
		this.in = CodedInputStream.newInstance(bytes);
		this.what = what;
	}

	/** Moves to the next field and returns its number, or 0 at the end. */
	int next() {
		this.tag = read(this.in::readTag);
		return WireFormat.getTagFieldNumber(this.tag);
	}

	String text() {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		return read(this.in::readStringRequireUtf8);
	}

	byte[] bytes() {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		byte[] bytes = read(this.in::readByteArray);
		return (bytes.length > 0) ? bytes : EMPTY;
	}

	long number() {
		expect(WireFormat.WIRETYPE_VARINT);
		return read(this.in::readInt64);
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
			throw invalid(ex);
		}
	}

	void skip() {
		read(() -> this.in.skipField(this.tag));
	}

	private void expect(int wireType) {
		if (WireFormat.getTagWireType(this.tag) != wireType) {
			throw new IllegalArgumentException("not a valid %s record: field %d has wire type %d".formatted(this.what,
					WireFormat.getTagFieldNumber(this.tag), WireFormat.getTagWireType(this.tag)));
		}
	}

	private <T> T read(Step<T> step) {
		try {
			return step.run();
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
	}

	private IllegalArgumentException invalid(Exception cause) {
		return new IllegalArgumentException("not a valid %s record: %s".formatted(this.what, cause.getMessage()),
				cause);
	}

	@FunctionalInterface
	private interface Step<T> {

		T run() throws IOException;

	}

}
