package io.taskqueue.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One connection with one user, who may block on it. {@link #close()} from another thread
 * ends whatever blocks, at once and without Redis having to answer; Redis notices the
 * closed connection and forgets the waiter. Of no use after an exception.
 */
interface DedicatedConnection extends AutoCloseable {

	/**
	 * Blocks until the list has an element, which stays where it is.
	 * @param block up to the {@linkplain Timeouts#block() longest block time}
	 * @return whether there is an element
	 */
	boolean awaitPush(byte[] list, Duration block);

	/**
	 * Subscribes and blocks until the connection ends, returning or throwing then.
	 * @param messages takes channel and message, on any thread, and must not block
	 */
	void subscribe(List<byte[]> channels, BiConsumer<byte[], byte[]> messages);

	/** Closes at once; may be called by any thread and more than once. */
	@Override
	void close();

}
