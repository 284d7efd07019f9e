package io.taskqueue.interop;

import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import tools.jackson.databind.JsonNode;

import static org.awaitility.Awaitility.await;

/**
 * A worker in a process of its own, which tells of every attempt that it starts and
 * finishes. Its handlers do what {@link Behaviour} says.
 */
abstract class WorkerProcess implements AutoCloseable {

	private final PeerProcess process;

	private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();

	private volatile boolean killed;

	/** Takes over a process that has been started, and returns when it works. */
	WorkerProcess(Process process) {
		this.process = new PeerProcess(process);
		this.process.listen(this.events::add);
		await().until(() -> events("ready").size() == 1);
	}

	/** Returns the ids of all started attempts, in their order. */
	List<String> started() {
		return events("start").stream().map((event) -> event.get("id").asString()).toList();
	}

	/** Returns the ids of all attempts that have succeeded, in their order. */
	List<String> succeeded() {
		return events("finish").stream()
			.filter((event) -> !event.has("error"))
			.map((event) -> event.get("id").asString())
			.toList();
	}

	/** Returns the ids of the attempts that have been started and not finished. */
	Set<String> unfinished() {
		Set<String> ids = new HashSet<>();
		for (JsonNode event : this.events) {
			String id = event.path("id").asString("");
			switch (event.get("event").asString()) {
				case "start" -> ids.add(id);
				case "finish" -> ids.remove(id);
				default -> {
					// Begins or ends the whole
				}
			}
		}
		return ids;
	}

	/** Returns the attempts at a task, which tell its type, payload, headers, retried. */
	List<JsonNode> attempts(String id) {
		return events("start").stream().filter((event) -> event.get("id").asString().equals(id)).toList();
	}

	/** Returns when an attempt at the task has begun. */
	void awaitStart(String id) {
		await().until(() -> !attempts(id).isEmpty());
	}

	/** Kills it as {@code kill -9} does. */
	void kill() {
		this.killed = true;
		this.process.kill();
	}

	boolean wasKilled() {
		return this.killed;
	}

	long pid() {
		return this.process.pid();
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
