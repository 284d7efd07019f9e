package io.taskqueue.redis;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Lettuce factory whose shared connection does not make callers wait for long. Lettuce
 * itself reconnects after up to 30 s, queueing what is asked meanwhile, and Spring Data
 * connects one caller after the other, each for the full time-out. Here a short
 * interruption is left to Lettuce; after a longer one the next caller connects anew, so
 * that calls fail at once while Redis is away and succeed as soon as it is back.
 */
final class LettuceFactory extends LettuceConnectionFactory {

	private static final Duration RIDDEN_OUT = Duration.ofSeconds(1);

	private final Duration patience;

	private final ReentrantLock connecting = new ReentrantLock();

	private final AtomicBoolean refreshing = new AtomicBoolean();

	private volatile @Nullable Health health;

	LettuceFactory(RedisConfiguration configuration, LettuceClientConfiguration client, boolean shared,
			Duration patience) {
		super(configuration, client);
		setShareNativeConnection(shared);
		this.patience = patience;
	}

	@Override
	protected @Nullable StatefulRedisConnection<byte[], byte[]> getSharedConnection() {
		return (getShareNativeConnection() && !isClusterAware()) ? shared(super::getSharedConnection) : null;
	}

	@Override
	protected @Nullable StatefulRedisClusterConnection<byte[], byte[]> getSharedClusterConnection() {
		return (getShareNativeConnection() && isClusterAware()) ? shared(super::getSharedClusterConnection) : null;
	}

	private <T extends StatefulConnection<byte[], byte[]>> T shared(Supplier<@Nullable T> connection) {
		Health current = this.health;
		if (current != null && !current.isLost()) {
			return required(connection.get());
		}
		if (!acquire()) {
			throw new RedisConnectionFailureException("Other threads are still trying to connect");
		}
		try {
			Health other = this.health;
			if (other != null && !other.isLost()) {
				return required(connection.get());
			}
			resetConnection();
			T connected = required(connection.get());
			Health fresh = new Health();
			connected.addListener(fresh);
			this.health = fresh;
			return connected;
		}
		finally {
			this.connecting.unlock();
		}
	}

	private boolean acquire() {
		try {
			return this.connecting.tryLock(this.patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisConnectionFailureException("Interrupted while waiting for a connection", ex);
		}
	}

	/**
	 * Asks the cluster anew who has which slot, and does not wait for the answer. Lettuce
	 * does so by itself when it is redirected or keeps failing to reconnect, not when it
	 * cannot connect in the first place.
	 */
	void refreshTopology() {
		if (isRunning() && getNativeClient() instanceof RedisClusterClient cluster
				&& this.refreshing.compareAndSet(false, true)) {
			cluster.refreshPartitionsAsync().whenComplete((nothing, failure) -> this.refreshing.set(false));
		}
	}

	@Override
	public void resetConnection() {
		this.health = null;
		super.resetConnection();
	}

	private static <T> T required(@Nullable T connection) {
		if (connection == null) {
			throw new IllegalStateException("Spring Data gave no shared connection");
		}
		return connection;
	}

	/** Knows since when a connection has been interrupted. */
	private static final class Health implements RedisConnectionStateListener {

		private volatile long interruptedAt;

		private volatile boolean interrupted;

		boolean isLost() {
			return this.interrupted && System.nanoTime() - this.interruptedAt > RIDDEN_OUT.toNanos();
		}

		@Override
		public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
			this.interrupted = false;
		}

		@Override
		public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
			this.interruptedAt = System.nanoTime();
			this.interrupted = true;
		}

	}

}
