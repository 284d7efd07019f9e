package io.taskqueue.redis;

import java.time.Duration;
import java.util.function.Consumer;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Watches one list for its next element, on a connection that it keeps between waits. One
 * thread waits at a time; any thread may close.
 */
final class PushWatch implements AutoCloseable {

	/** Redis 6 rounds down, and a millisecond becomes zero, which is for ever. */
	private static final Duration SHORTEST = Duration.ofMillis(10);

	private final Link link;

	private final byte[] list;

	private final Duration longest;

	private final Consumer<? super PushWatch> whenClosed;

	private final Object lock = new Object();

	private @Nullable DedicatedConnection connection;

	private boolean closed;

	/**
	 * Prepares a watch, connecting when first waiting.
	 * @param link for the connection
	 * @param list the list
	 * @param longest the longest block time
	 * @param whenClosed told when closed
	 */
	PushWatch(Link link, byte[] list, Duration longest, Consumer<? super PushWatch> whenClosed) {
		this.link = link;
		this.list = list;
		this.longest = longest;
		this.whenClosed = whenClosed;
	}

	/**
	 * Waits until the list has an element, which stays where it is, whoever pushes it.
	 * @param timeout how long; at most the {@linkplain Timeouts#block() longest block
	 * time}, and at least ten milliseconds, are waited
	 * @return whether there is an element; {@code false} also once closed
	 * @throws TaskQueueUnavailableException if Redis cannot be asked, or has no memory
	 * left; ask for the list in other ways for a while
	 * @throws TaskQueueRefusedException if Redis does not allow it
	 */
	boolean awaitPush(Duration timeout) {
		Duration block = (timeout.compareTo(this.longest) < 0) ? timeout : this.longest;
		block = (block.compareTo(SHORTEST) > 0) ? block : SHORTEST;
		DedicatedConnection open = null;
		try {
			open = connect();
			return open != null && open.awaitPush(this.list, block);
		}
		catch (RuntimeException ex) {
			// What a broken connection is waiting for never comes
			if (drop(open)) {
				return false;
			}
			this.link.failed(RedisErrors.kind(ex));
			throw RedisErrors.translate("BLMOVE", this.link.address(), ex);
		}
	}

	private @Nullable DedicatedConnection connect() {
		synchronized (this.lock) {
			if (this.closed || this.connection != null) {
				return this.connection;
			}
		}
		DedicatedConnection opened = this.link.dedicate(this.list);
		synchronized (this.lock) {
			if (!this.closed) {
				this.connection = opened;
				return opened;
			}
		}
		opened.close();
		return null;
	}

	private boolean drop(@Nullable DedicatedConnection broken) {
		boolean over;
		synchronized (this.lock) {
			this.connection = null;
			over = this.closed;
		}
		if (broken != null) {
			Quietly.close(broken);
		}
		return over;
	}

	/** Ends the wait at once, and all later ones. */
	@Override
	public void close() {
		DedicatedConnection open;
		synchronized (this.lock) {
			this.closed = true;
			open = this.connection;
			this.connection = null;
		}
		if (open != null) {
			Quietly.close(open);
		}
		this.whenClosed.accept(this);
	}

}
