package io.taskqueue.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The real asynqmon in a process of its own. Paths are those below {@code /api/}.
 */
final class Asynqmon implements AutoCloseable {

	private static final List<String> STATES = List.of("active", "pending", "scheduled", "retry", "archived",
			"completed");

	private static final JsonMapper json = JsonMapper.shared();

	private final HttpClient http = HttpClient.newHttpClient();

	private final PeerProcess process;

	private final String root;

	/**
	 * Starts it and returns when it listens.
	 * @param redis host and port
	 */
	Asynqmon(String redis) {
		this.process = new PeerProcess(GoProgram.ASYNQMON.start(redis));
		CompletableFuture<Integer> port = new CompletableFuture<>();
		this.process.listen((line) -> port.complete(line.get("port").asInt()));
		this.root = "http://127.0.0.1:" + port.join() + "/";
	}

	/** Returns what a page answers, which must be 200. */
	JsonNode get(String path) {
		HttpResponse<String> response = call("GET", "api/" + path, "");
		assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
		return json.readTree(response.body());
	}

	/** Returns a queue's figures. */
	JsonNode figures(String queue) {
		return get("queues/" + queue).get("current");
	}

	/** Returns the ids on the first page of a list. */
	List<String> ids(String list) {
		return get(list + "?size=100&page=1").get("tasks")
			.valueStream()
			.map((task) -> task.get("id").asString())
			.toList();
	}

	/** Returns the status that a call without a body ends with. */
	int status(String method, String path) {
		return call(method, "api/" + path, "").statusCode();
	}

	/** Returns the answer to a call for the tasks of a list, which must be 200. */
	JsonNode all(String method, String path) {
		return answer(call(method, "api/" + path, ""));
	}

	/** Returns the answer to a call for some tasks, which must be 200. */
	JsonNode batch(String path, String... ids) {
		return answer(call("POST", "api/" + path, json.writeValueAsString(Map.of("task_ids", ids))));
	}

	/**
	 * Opens every page there is: of each queue, each of its lists, one task of each list,
	 * its groups, servers, schedules, history, Redis and the user interface itself. A
	 * task may have ended since it was listed.
	 */
	void assertEveryPageAnswers() {
		List<String> faults = new ArrayList<>();
		check(faults, "", 200);
		for (String page : List.of("api/queue_stats", "api/servers", "api/redis_info")) {
			check(faults, page, 200);
		}
		for (JsonNode entry : check(faults, "api/scheduler_entries", 200).path("entries")) {
			check(faults, "api/scheduler_entries/" + entry.get("id").asString() + "/enqueue_events", 200);
		}
		for (JsonNode queue : check(faults, "api/queues", 200).path("queues")) {
			String path = "api/queues/" + queue.get("queue").asString();
			check(faults, path, 200);
			for (String state : STATES) {
				checkList(faults, path, "/" + state + "_tasks");
			}
			for (JsonNode group : check(faults, path + "/groups", 200).path("groups")) {
				checkList(faults, path, "/groups/" + group.get("group").asString() + "/aggregating_tasks");
			}
		}
		assertThat(faults).isEmpty();
	}

	@Override
	public void close() {
		this.process.close();
	}

	private void checkList(List<String> faults, String queue, String list) {
		JsonNode tasks = check(faults, queue + list + "?size=100&page=1", 200).path("tasks");
		if (!tasks.isEmpty()) {
			check(faults, queue + "/tasks/" + tasks.get(0).get("id").asString(), 200, 404);
		}
	}

	private JsonNode check(List<String> faults, String path, Integer... allowed) {
		HttpResponse<String> response = call("GET", path, "");
		if (!List.of(allowed).contains(response.statusCode())) {
			faults.add(path + ": " + response.statusCode() + " " + response.body());
		}
		return response.body().startsWith("{") ? json.readTree(response.body()) : json.createObjectNode();
	}

	private JsonNode answer(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return json.readTree(response.body());
	}

	private HttpResponse<String> call(String method, String path, String body) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.root + path))
			.timeout(Duration.ofSeconds(20))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
			.build();
		try {
			return this.http.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
