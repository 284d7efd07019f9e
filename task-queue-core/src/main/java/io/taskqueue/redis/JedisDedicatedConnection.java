package io.taskqueue.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.util.JedisClusterCRC16;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * A dedicated connection of Jedis. It works on the driver's own connection, because
 * Spring Data has no way to end a blocking call from outside and its unified client takes
 * another connection for every command.
 */
final class JedisDedicatedConnection implements DedicatedConnection {

	private static final byte[] RIGHT = "RIGHT".getBytes(StandardCharsets.US_ASCII);

	private final Connection connection;

	private final Runnable release;

	private final Runnable refresh;

	private final Timeouts timeouts;

	private final AtomicBoolean closed = new AtomicBoolean();

	private JedisDedicatedConnection(Connection connection, Runnable release, Runnable refresh, Timeouts timeouts) {
		this.connection = connection;
		this.release = release;
		this.refresh = refresh;
		this.timeouts = timeouts;
	}

	/** Takes over a connection that stands for one {@link Jedis}. */
	static DedicatedConnection of(RedisConnection spring, Timeouts timeouts) {
		Jedis jedis = (Jedis) spring.getNativeConnection();
		return new JedisDedicatedConnection(jedis.getConnection(), spring::close, () -> {
		}, timeouts);
	}

	/** Opens a connection to the node of a key. */
	static DedicatedConnection ofCluster(RedisClusterClient cluster, byte[] key, Timeouts timeouts) {
		Connection connection = cluster.getConnectionFromSlot(JedisClusterCRC16.getSlot(key));
		// Any command on the key makes the client learn where the slot has gone
		return new JedisDedicatedConnection(connection, connection::close, () -> cluster.exists(key), timeouts);
	}

	@Override
	public boolean awaitPush(byte[] list, Duration block) {
		byte[] seconds = BigDecimal.valueOf(block.toMillis(), 3).toPlainString().getBytes(StandardCharsets.US_ASCII);
		CommandArguments blmove = new CommandArguments(Protocol.Command.BLMOVE).add(list)
			.add(list)
			.add(RIGHT)
			.add(RIGHT)
			.add(seconds);
		this.connection.setSoTimeout(Math.toIntExact(this.timeouts.answer().toMillis()));
		try {
			return this.connection.executeCommand(blmove) != null;
		}
		catch (JedisRedirectionException ex) {
			this.refresh.run();
			throw ex;
		}
	}

	@Override
	public void subscribe(List<byte[]> channels, BiConsumer<byte[], byte[]> messages) {
		new BinaryJedisPubSub() {

			@Override
			public void onMessage(byte[] channel, byte[] message) {
				messages.accept(channel, message);
			}

		}.proceed(this.connection, channels.toArray(byte[][]::new));
	}

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			// Marks it as broken too, so that no pool keeps it
			this.connection.forceDisconnect();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.release.run();
		}
	}

}
