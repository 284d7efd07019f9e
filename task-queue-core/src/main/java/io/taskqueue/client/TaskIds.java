package io.taskqueue.client;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes ids for tasks: random UUIDs, version 4.
 */
final class TaskIds {

	private static final int WORDS = 512;

	// Every word comes from the secure generator and is used once, so ids collide no more
	// often than those of UUID.randomUUID: 122 random bits, one chance in 10^18 among
	// three billion ids. What is saved is the generator's lock, taken once per 256 ids. A
	// generator like ThreadLocalRandom would not do: its 64 bits of state collide at
	// about that number of ids.
	private final SecureRandom random = new SecureRandom();

	private volatile Block block = fill();

	String next() {
		Block block = this.block;
		int index = block.used.getAndAdd(2);
		while (index >= WORDS) {
			block = refill();
			index = block.used.getAndAdd(2);
		}
		long high = (block.words[index] & ~0xf000L) | 0x4000L;
		long low = (block.words[index + 1] >>> 2) | Long.MIN_VALUE;
		return new UUID(high, low).toString();
	}

	private synchronized Block refill() {
		if (this.block.used.get() >= WORDS) {
			this.block = fill();
		}
		return this.block;
	}

	private Block fill() {
		byte[] bytes = new byte[WORDS * Long.BYTES];
		this.random.nextBytes(bytes);
		long[] words = new long[WORDS];
		ByteBuffer.wrap(bytes).asLongBuffer().get(words);
		return new Block(words, new AtomicInteger());
	}

	private record Block(long[] words, AtomicInteger used) {
	}

}
