package io.taskqueue.wire;

/**
 * Protobuf's wire types: the lowest three bits of a field's tag.
 */
final class WireType {

	static final int VARINT = 0;

	static final int FIXED64 = 1;

	static final int BYTES = 2;

	static final int GROUP = 3;

	static final int GROUP_END = 4;

	static final int FIXED32 = 5;

	private WireType() {
	}

}
