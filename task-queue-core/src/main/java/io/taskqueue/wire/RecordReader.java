package io.taskqueue.wire;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the fields of one protobuf record. A field of an unexpected wire type
 * makes the record invalid: nobody writes such a field, so the bytes are something else.
 */
final class RecordReader {

	private final CodedInputStream in;

	private final String what;

	private int tag;

	RecordReader(byte[] bytes, String what) {
		this.in = CodedInputStream.newInstance(bytes);
		this.what = what;
	}

	/** Moves to the next field and returns its number, or 0 at the end. */
	int next() {
		try {
			this.tag = this.in.readTag();
			return WireFormat.getTagFieldNumber(this.tag);
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
	}

	String text() {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		try {
			return this.in.readStringRequireUtf8();
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
	}

	byte[] bytes() {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		try {
			return this.in.readByteArray();
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
	}

	long number() {
		expect(WireFormat.WIRETYPE_VARINT);
		try {
			return this.in.readInt64();
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
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
		try {
			if (!this.in.skipField(this.tag)) {
				throw invalid(
						"field %d ends a group that never began".formatted(WireFormat.getTagFieldNumber(this.tag)),
						null);
			}
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
	}

	private void expect(int wireType) {
		if (WireFormat.getTagWireType(this.tag) != wireType) {
			throw invalid("field %d has wire type %d, not %d".formatted(WireFormat.getTagFieldNumber(this.tag),
					WireFormat.getTagWireType(this.tag), wireType), null);
		}
	}

	private IllegalArgumentException invalid(Exception cause) {
		return invalid(String.valueOf(cause.getMessage()), cause);
	}

	private IllegalArgumentException invalid(String problem, @Nullable Exception cause) {
		return new IllegalArgumentException("not a valid %s record: %s".formatted(this.what, problem), cause);
	}

}
