package io.taskqueue.embeddedredis;

import java.io.IOException;

/**
 * The program of a JVM that is killed: starts a server, prints its process id and waits.
 */
final class ServerHolder {

	private ServerHolder() {
	}

	public static void main(String[] args) throws IOException {
		EmbeddedRedisServer server = EmbeddedRedisServer.start();
		System.out.println(server.pid());
		System.in.read();
	}

}
