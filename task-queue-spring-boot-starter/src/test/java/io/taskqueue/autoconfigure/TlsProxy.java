package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

import io.taskqueue.embeddedredis.EmbeddedRedisServer;

/**
 * Speaks TLS in front of a Redis server that may not be able to. It asks for a
 * certificate and accepts nobody without.
 */
final class TlsProxy implements AutoCloseable {

	private final EmbeddedRedisServer redis;

	private final SSLServerSocket entry;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	TlsProxy(EmbeddedRedisServer redis, SSLContext tls) {
		this.redis = redis;
		try {
			this.entry = (SSLServerSocket) tls.getServerSocketFactory()
				.createServerSocket(0, 50, InetAddress.getByName(redis.host()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.entry.setNeedClientAuth(true);
		run(this::accept);
	}

	int port() {
		return this.entry.getLocalPort();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.entry.accept();
			Socket server = new Socket(this.redis.host(), this.redis.port());
			this.sockets.add(client);
			this.sockets.add(server);
			run(() -> pass(client, server));
			run(() -> pass(server, client));
		}
	}

	private static void pass(Socket from, Socket to) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				out.write(buffer, 0, count);
				out.flush();
			}
		}
	}

	private static void run(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// One side has closed, or refused the other's certificate
			}
		}, "tls-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.entry.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	@FunctionalInterface
	private interface Work {

		void run() throws IOException;

	}

}
