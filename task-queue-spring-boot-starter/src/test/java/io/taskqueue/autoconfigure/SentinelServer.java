package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import redis.clients.jedis.Jedis;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A real Sentinel that watches the server of all tests, run by the same executable.
 */
final class SentinelServer implements AutoCloseable {

	private final Path home;

	private final int port;

	private final Process process;

	SentinelServer() throws IOException {
		this.home = Files.createTempDirectory("task-queue-sentinel-");
		this.port = freePort();
		Path config = this.home.resolve("sentinel.conf");
		Files.writeString(config, "bind 127.0.0.1\nport %d\ndir \"%s\"\nsentinel monitor main %s %d 1\n"
			.formatted(this.port, this.home, RedisContexts.SERVER.host(), RedisContexts.SERVER.port()));
		this.process = new ProcessBuilder(executable(), config.toString(), "--sentinel").redirectErrorStream(true)
			.redirectOutput(this.home.resolve("sentinel.log").toFile())
			.start();
		await().ignoreExceptions().until(this::answers);
	}

	int port() {
		return this.port;
	}

	private boolean answers() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			return "PONG".equals(jedis.ping());
		}
	}

	private static String executable() {
		return ProcessHandle.of(RedisContexts.SERVER.pid()).orElseThrow().info().command().orElseThrow();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() throws IOException {
		this.process.destroyForcibly().onExit().join();
		FileSystemUtils.deleteRecursively(this.home);
	}

}
