package io.taskqueue.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Answers like a Redis 5, as far as it is asked before it is refused.
 */
final class OldRedis implements AutoCloseable {

	private static final String INFO = "# Server\r\nredis_version:5.0.14\r\nredis_mode:standalone\r\n";

	private final ServerSocket server;

	OldRedis() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				start(() -> serve(socket));
			}
			catch (IOException ex) {
				// Closed
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			BufferedReader in = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			OutputStream out = socket.getOutputStream();
			for (List<String> command = read(in); !command.isEmpty(); command = read(in)) {
				out.write(answer(command.get(0).toUpperCase(Locale.ROOT)).getBytes(StandardCharsets.US_ASCII));
			}
		}
		catch (IOException ex) {
			// The client is gone
		}
	}

	private static List<String> read(BufferedReader in) throws IOException {
		List<String> words = new ArrayList<>();
		String count = in.readLine();
		for (int i = (count != null) ? Integer.parseInt(count.substring(1)) : 0; i > 0; i--) {
			in.readLine();
			words.add(in.readLine());
		}
		return words;
	}

	private static String answer(String command) {
		return switch (command) {
			case "PING" -> "+PONG\r\n";
			case "INFO" -> "$" + INFO.length() + "\r\n" + INFO + "\r\n";
			case "CLIENT", "SELECT" -> "+OK\r\n";
			default -> "-ERR unknown command `" + command + "`\r\n";
		};
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "old-redis");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
