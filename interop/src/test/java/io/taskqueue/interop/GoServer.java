package io.taskqueue.interop;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * A server of asynq in a process of its own. Its handlers do what {@link Behaviour} says.
 */
final class GoServer implements AutoCloseable {

	private final GoProcess process;

	private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();

	/**
	 * Starts a server and returns when it works.
	 * @param peer which asynq
	 * @param redis host and port
	 * @param config see {@code serverConfig} in {@code server.go}
	 */
	GoServer(GoProgram peer, String redis, Map<String, ?> config) {
		this.process = new GoProcess(peer.start("server", redis, JsonMapper.shared().writeValueAsString(config)));
		this.process.listen(this.events::add);
		await().until(() -> events("ready").size() == 1);
	}

	/** Returns the ids of all started attempts, in their order. */
	List<String> started() {
		return events("start").stream().map((event) -> event.get("id").asString()).toList();
	}

	/** Returns the attempts at a task, which tell its type, payload, headers, retried. */
	List<JsonNode> attempts(String id) {
		return events("start").stream().filter((event) -> event.get("id").asString().equals(id)).toList();
	}

	/** Returns when an attempt at the task has begun. */
	void awaitStart(String id) {
		await().until(() -> !attempts(id).isEmpty());
	}

	void kill() {
		this.process.kill();
	}

	/** Shuts it down in order. */
	@Override
	public void close() {
		this.process.close();
	}

	private List<JsonNode> events(String name) {
		return this.events.stream().filter((event) -> event.get("event").asString().equals(name)).toList();
	}

}
