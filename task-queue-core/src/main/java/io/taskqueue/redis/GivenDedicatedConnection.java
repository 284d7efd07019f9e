package io.taskqueue.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisListCommands.Direction;

/**
 * A dedicated connection through nothing but Spring Data. Whether closing it ends what
 * blocks is up to the driver; if not, the wait ends with its block time.
 */
final class GivenDedicatedConnection implements DedicatedConnection {

	private final RedisConnection connection;

	private final CountDownLatch ended = new CountDownLatch(1);

	private final AtomicBoolean closed = new AtomicBoolean();

	GivenDedicatedConnection(RedisConnection connection) {
		this.connection = connection;
	}

	@Override
	public boolean awaitPush(byte[] list, Duration block) {
		double seconds = block.toMillis() / 1000.0;
		return this.connection.listCommands().bLMove(list, list, Direction.RIGHT, Direction.RIGHT, seconds) != null;
	}

	@Override
	public void subscribe(List<byte[]> channels, BiConsumer<byte[], byte[]> messages) {
		this.connection.subscribe((message, pattern) -> messages.accept(message.getChannel(), message.getBody()),
				channels.toArray(byte[][]::new));
		// Some drivers return at once, others when the subscription has ended
		if (this.connection.isSubscribed()) {
			try {
				this.ended.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.ended.countDown();
			this.connection.close();
		}
	}

}
