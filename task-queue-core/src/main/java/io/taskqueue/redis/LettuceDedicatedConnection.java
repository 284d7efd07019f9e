package io.taskqueue.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisListCommands.Direction;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;

/**
 * A dedicated connection of Lettuce. Closing it cancels what is in flight.
 */
final class LettuceDedicatedConnection implements DedicatedConnection, RedisConnectionStateListener {

	private final LettuceConnection connection;

	private final CountDownLatch ended = new CountDownLatch(1);

	private final AtomicBoolean closed = new AtomicBoolean();

	/**
	 * Takes over a connection of a factory that shares none.
	 */
	LettuceDedicatedConnection(LettuceConnection connection) {
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
		// While subscribed, this is the connection that the subscription has opened
		stateful(this.connection.getNativeConnection()).addListener(this);
		try {
			this.ended.await();
			throw new RedisConnectionFailureException("The connection has ended");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			// One that was opened while being closed has been missed
			Subscription opened = this.connection.getSubscription();
			if (this.closed.get() && opened != null && opened.isAlive()) {
				opened.close();
			}
		}
	}

	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
		this.ended.countDown();
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.ended.countDown();
			this.connection.close();
		}
	}

	@SuppressWarnings("deprecation") // Spring Data leaves no other way to it
	private static StatefulConnection<byte[], byte[]> stateful(RedisClusterAsyncCommands<byte[], byte[]> commands) {
		if (commands instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
			return cluster.getStatefulConnection();
		}
		return ((RedisAsyncCommands<byte[], byte[]>) commands).getStatefulConnection();
	}

}
