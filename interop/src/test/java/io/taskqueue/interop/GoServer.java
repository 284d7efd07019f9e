package io.taskqueue.interop;

import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * A server of asynq.
 */
final class GoServer extends WorkerProcess {

	/**
	 * Starts a server and returns when it works.
	 * @param peer which asynq
	 * @param redis host and port
	 * @param config see {@code serverConfig} in {@code server.go}
	 */
	GoServer(GoProgram peer, String redis, Map<String, ?> config) {
		super(peer.start("server", redis, JsonMapper.shared().writeValueAsString(config)));
	}

}
