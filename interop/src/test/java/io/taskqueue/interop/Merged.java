package io.taskqueue.interop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.taskqueue.GroupedTask;
import io.taskqueue.TaskRequest;
import tools.jackson.databind.json.JsonMapper;

/**
 * The payload of a task of the type {@value #TYPE}, which takes the place of a group's
 * members. It is retained.
 *
 * @param by which side has merged them, {@code go} or {@code java}
 * @param group their group
 * @param members their payloads
 */
record Merged(String by, String group, List<String> members) {

	static final String TYPE = "merged";

	/** Merges in Java what {@code aggregate} in {@code server.go} merges in Go. */
	static TaskRequest merge(String group, List<GroupedTask<byte[]>> tasks) {
		List<String> members = tasks.stream().map(Merged::text).toList();
		return TaskRequest.of(TYPE, new Merged("java", group, members))
			.with((options) -> options.withRetention(Duration.ofHours(1)));
	}

	/** Reads a payload. */
	static Merged of(byte[] payload) {
		return JsonMapper.shared().readValue(payload, Merged.class);
	}

	private static String text(GroupedTask<byte[]> task) {
		byte[] payload = task.payload();
		return (payload != null) ? new String(payload, StandardCharsets.UTF_8) : "";
	}

}
