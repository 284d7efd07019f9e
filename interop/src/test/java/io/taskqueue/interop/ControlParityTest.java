package io.taskqueue.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.taskqueue.QueueStateException;
import io.taskqueue.TaskNotFoundException;
import io.taskqueue.TaskState;
import io.taskqueue.TaskStateException;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Our inspector and asynq's do the same to the same state.
 */
class ControlParityTest extends BesideTools {

	private static final List<String> VERBS = List.of("run", "archive", "delete");

	private final List<Saved> state = new ArrayList<>();

	private TaskInspector inspector;

	@BeforeEach
	void connect() {
		this.inspector = this.java.inspector();
	}

	@Test
	@Scenario(59)
	void scenario59_singleTasks() {
		saveEveryState();
		for (String verb : VERBS) {
			for (String id : List.of("active", "pending1", "pending2", "scheduled", "unique", "retry", "archived",
					"completed", "aggregating", "alone", "unknown")) {
				restore();
				String expected = answer(goInspector().refusal(Map.of("op", verb, "queue", "default", "id", id)));
				SortedMap<String, String> left = asynqPart();
				restore();
				assertThat(ours(verb, id)).as("%s %s", verb, id).isEqualTo(expected);
				assertThat(asynqPart()).as("%s %s", verb, id).isEqualTo(left);
			}
		}
	}

	@Test
	@Scenario(59)
	void scenario59_allOfAState() {
		saveEveryState();
		int possible = 0;
		for (String verb : VERBS) {
			for (TaskState state : TaskState.values()) {
				restore();
				Map<String, String> request = Map.of("op", verb + "All", "queue", "default", "state", state.wireName(),
						"group", "g");
				if (isImpossible(verb, state)) {
					assertThat(goInspector().refusal(request)).startsWith("asynq has no");
					assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> oursAll(verb, state));
					continue;
				}
				long expected = goInspector().ask(request).asLong();
				SortedMap<String, String> left = asynqPart();
				restore();
				assertThat(oursAll(verb, state)).as("%s all %s", verb, state).isEqualTo(expected).isPositive();
				assertThat(asynqPart()).as("%s all %s", verb, state).isEqualTo(left);
				possible++;
			}
		}
		assertThat(possible).isEqualTo(14);
	}

	@Test
	@Scenario(63)
	void scenario63_pausingAndResumingTwiceIsAnErrorWhoeverWasFirst() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		Map<String, String> pause = Map.of("op", "pause", "queue", "default");
		Map<String, String> resume = Map.of("op", "unpause", "queue", "default");
		this.inspector.pause("default");
		assertThat(goInspector().refusal(pause)).contains("already paused");
		assertThatExceptionOfType(QueueStateException.class).isThrownBy(() -> this.inspector.pause("default"));
		assertThat(goSeesQueue().get("Paused").asBoolean()).isTrue();
		goInspector().ask(resume);
		assertThat(goInspector().refusal(resume)).contains("not paused");
		assertThatExceptionOfType(QueueStateException.class).isThrownBy(() -> this.inspector.resume("default"));
		goInspector().ask(pause);
		assertThatExceptionOfType(QueueStateException.class).isThrownBy(() -> this.inspector.pause("default"));
		assertThat(this.inspector.queue("default").paused()).isTrue();
		this.inspector.resume("default");
		assertThat(goInspector().refusal(resume)).contains("not paused");
	}

	private static boolean isImpossible(String verb, TaskState state) {
		return switch (state) {
			case ACTIVE -> true;
			case PENDING -> verb.equals("run");
			case ARCHIVED -> verb.equals("archive");
			case COMPLETED -> !verb.equals("delete");
			default -> false;
		};
	}

	/** Two tasks have locks of their own; one is the last of its group. */
	private void saveEveryState() {
		javaTask("unique", Behaviour.result("unique")).in(Duration.ofHours(1)).unique(Duration.ofHours(2)).enqueue();
		goEnqueue("alone", Behaviour.result("alone"), Map.of("group", "h", "unique", 7_200_000));
		goEnqueue("beside", Behaviour.SUCCEED, Map.of("group", "g"));
		occupyEveryState();
		for (String key : this.redis.keys("asynq:*")) {
			if (key.startsWith(P) || key.equals("asynq:queues")) {
				this.state.add(new Saved(key, Math.max(0, this.redis.pttl(key)), this.redis.dump(key)));
			}
		}
		this.java.stop();
	}

	private void restore() {
		this.redis.flushAll();
		this.state.forEach((saved) -> this.redis.restore(saved.key(), saved.life(), saved.content()));
	}

	/** Times of about now, and how much is left of the life of locks, do not count. */
	private SortedMap<String, String> asynqPart() {
		SortedMap<String, String> lines = new TreeMap<>(KeyDump.of(this.redis).asynq());
		long now = System.currentTimeMillis() / 1000;
		Pattern second = Pattern.compile("\\b\\d{10}\\b");
		lines.replaceAll((line, value) -> line.endsWith("(expires)") ? "" : second.matcher(value)
			.replaceAll((time) -> (Math.abs(Long.parseLong(time.group()) - now) < 120) ? "now" : time.group()));
		return lines;
	}

	private String ours(String verb, String id) {
		try {
			switch (verb) {
				case "run" -> this.inspector.run("default", id);
				case "archive" -> this.inspector.archive("default", id);
				default -> this.inspector.delete("default", id);
			}
			return "done";
		}
		catch (TaskNotFoundException ex) {
			return "not found";
		}
		catch (TaskStateException ex) {
			return "refused";
		}
	}

	private long oursAll(String verb, TaskState state) {
		boolean grouped = state == TaskState.AGGREGATING;
		return switch (verb) {
			case "run" -> grouped ? this.inspector.runGroup("default", "g") : this.inspector.runAll("default", state);
			case "archive" ->
				grouped ? this.inspector.archiveGroup("default", "g") : this.inspector.archiveAll("default", state);
			default ->
				grouped ? this.inspector.deleteGroup("default", "g") : this.inspector.deleteAll("default", state);
		};
	}

	private static String answer(@Nullable String refusal) {
		if (refusal == null) {
			return "done";
		}
		return refusal.contains("not found") ? "not found" : "refused";
	}

	/** A key as it was. */
	private record Saved(String key, long life, byte[] content) {
	}

}
