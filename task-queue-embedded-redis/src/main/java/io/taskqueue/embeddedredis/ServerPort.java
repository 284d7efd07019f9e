package io.taskqueue.embeddedredis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The port of a server on the loopback interface.
 *
 * @param number the port's number
 */
record ServerPort(int number) {

	static final String HOST = "127.0.0.1";

	private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(1).toMillis();

	/**
	 * Returns the port that lines of {@code redis.conf} name, or else a free one.
	 */
	static ServerPort of(List<String> config) {
		int number = 0;
		for (String line : config) {
			String[] words = line.trim().split("\\s+");
			if (words.length == 2 && words[0].equalsIgnoreCase("port")) {
				number = Integer.parseInt(words[1]);
			}
		}
		return (number != 0) ? new ServerPort(number) : free();
	}

	/**
	 * Looks below the range of outgoing connections: one of those could take the port
	 * while the server is down between kill and restart.
	 */
	private static ServerPort free() {
		for (int attempt = 0; attempt < 100; attempt++) {
			ServerPort port = new ServerPort(ThreadLocalRandom.current().nextInt(20_000, 32_000));
			try (ServerSocket probe = new ServerSocket()) {
				probe.bind(port.address());
				return port;
			}
			catch (IOException ex) {
				// Taken.
			}
		}
		throw new EmbeddedRedisException(
				"Of the ports between 20000 and 32000 on " + HOST + " a hundred were tried and none is free.",
				ServerBinary.WAYS_OUT);
	}

	/**
	 * Tells whether a Redis answers that has loaded its data.
	 */
	boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(address(), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
			return answer != null && (answer.equals("+PONG") || answer.startsWith("-NOAUTH"));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private InetSocketAddress address() throws IOException {
		return new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), this.number);
	}

}
