package io.taskqueue.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.taskqueue.faults.Journal.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What all workers of a scene have done, read from their journals.
 */
final class History {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final Duration INTERVAL = Duration.ofMillis(Scene.SOAK ? 250 : 50);

	private final Path directory;

	/** An event, as a worker wrote it. */
	record Event(Instant at, Kind kind, String id, String worker, int retried) {

		static Event parse(String line) {
			String[] parts = line.split(" ");
			return new Event(Instant.ofEpochMilli(Long.parseLong(parts[0])), Kind.valueOf(parts[1]), parts[2], parts[3],
					Integer.parseInt(parts[4]));
		}

	}

	History(Path directory) {
		this.directory = directory;
	}

	/** Returns all events of a kind, in no particular order. */
	List<Event> events(Kind kind) {
		try (Stream<Path> files = Files.list(this.directory)) {
			List<Event> events = new ArrayList<>();
			for (Path file : files.filter((path) -> path.toString().endsWith(Journal.SUFFIX)).toList()) {
				String text = Files.readString(file);
				// The last line may be half written
				text.substring(0, text.lastIndexOf('\n') + 1)
					.lines()
					.map(Event::parse)
					.filter((event) -> event.kind == kind)
					.forEach(events::add);
			}
			return events;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the ids of the tasks with an event of a kind. */
	Set<String> ids(Kind kind) {
		return events(kind).stream().map(Event::id).collect(Collectors.toSet());
	}

	/** Returns the ids with an event of a kind in one worker's journal. */
	Set<String> ids(Kind kind, String worker) {
		return events(kind).stream()
			.filter((event) -> event.worker.equals(worker))
			.map(Event::id)
			.collect(Collectors.toSet());
	}

	/** Returns the ids of tasks that were started more than once. */
	Set<String> repeated() {
		return times(Kind.STARTED).entrySet()
			.stream()
			.filter((task) -> task.getValue() > 1)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/** Returns how many events of a kind each task has. */
	Map<String, Long> times(Kind kind) {
		return events(kind).stream().collect(Collectors.groupingBy(Event::id, Collectors.counting()));
	}

	void awaitCount(Kind kind, int count) {
		await(count + " tasks " + kind).atMost(PATIENCE).pollInterval(INTERVAL).until(() -> ids(kind).size() >= count);
	}

	void awaitAll(Kind kind, Collection<String> ids) {
		await().atMost(PATIENCE)
			.pollInterval(INTERVAL)
			.untilAsserted(() -> assertThat(missing(kind, ids)).as("tasks that were not " + kind).isEmpty());
	}

	void awaitBy(String worker, Kind kind, String id) {
		await(worker + " has " + kind + " " + id).atMost(PATIENCE)
			.pollInterval(INTERVAL)
			.until(() -> ids(kind, worker).contains(id));
	}

	/** No handler was called for a task that had used a retry. */
	void assertNoAttemptUsed() {
		assertThat(events(Kind.STARTED)).as("attempts after the first").allMatch((event) -> event.retried == 0);
	}

	/** Every task was started exactly once. */
	void assertOnce(Collection<String> ids) {
		assertThat(ids(Kind.STARTED)).as("tasks that ran").containsExactlyInAnyOrderElementsOf(ids);
		assertThat(repeated()).as("tasks that ran more than once").isEmpty();
	}

	private Set<String> missing(Kind kind, Collection<String> ids) {
		Set<String> missing = new HashSet<>(ids);
		missing.removeAll(ids(kind));
		return missing;
	}

}
