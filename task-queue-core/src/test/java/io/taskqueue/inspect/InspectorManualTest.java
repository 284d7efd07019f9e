package io.taskqueue.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the manual: they compile, do what is told, and are those of
 * docs/inspector.md.
 */
class InspectorManualTest extends InspectorContract {

	private static final Pattern EXAMPLE = Pattern.compile("(?s)// example\n(.*?)\n\t*// end\n");

	private final List<String> said = new ArrayList<>();

	InspectorManualTest() {
		super(Storage.JEDIS);
	}

	@BeforeEach
	void fill() {
		given(state().registered()
			.task(message("a"), "pending", "pending_since", NOW_NS - 600_000_000_000L)
			.list("pending", "a")
			.task(task("b").failed("boom", NOW_S - 60).message(), "archived")
			.zset("archived", "b", NOW_S - 60, "ghost", NOW_S - 50));
	}

	@Test
	void figures() {
		// example
		for (QueueInfo queue : inspector.queues()) {
			if (queue.latency().compareTo(Duration.ofMinutes(5)) > 0) {
				warn(queue.queue() + " is behind: " + queue.pending() + " tasks wait, the first since "
						+ queue.latency().toMinutes() + " min");
			}
		}
		// end
		assertThat(this.said).containsExactly(this.queue + " is behind: 1 tasks wait, the first since 10 min");
	}

	@Test
	void pages() {
		String queueName = this.queue;
		// example
		for (Paging paging = Paging.first(100); paging != null;) {
			Listing<TaskDetails> page = inspector.tasks(queueName, TaskState.ARCHIVED, paging);
			for (TaskDetails details : page.items()) {
				TaskInfo task = details.task();
				warn(details.id() + ": " + ((task != null) ? task.lastError() : details.problem()));
			}
			paging = page.next();
		}
		// end
		assertThat(this.said).containsExactly("b: boom", "ghost: there is no record of it, only its id is listed");
	}

	@Test
	void find() {
		// example
		for (TaskDetails details : inspector.find("a")) {
			warn(details.id() + " is " + details.state() + " in " + details.queue());
		}
		// end
		assertThat(this.said).containsExactly("a is PENDING in " + this.queue);
	}

	@Test
	void theManualShowsTheseExamples() throws IOException {
		String source = Files
			.readString(Path.of("src", "test", "java", "io", "taskqueue", "inspect", "InspectorManualTest.java"));
		String manual = Files.readString(Path.of("..", "docs", "inspector.md"));
		List<String> examples = EXAMPLE.matcher(source)
			.results()
			.map((MatchResult example) -> example.group(1).replaceAll("(?m)^\t\t", "").replace("\t", "    "))
			.toList();
		assertThat(examples).hasSize(3).allSatisfy((example) -> assertThat(manual).contains(example));
	}

	private void warn(String text) {
		this.said.add(text);
	}

}
