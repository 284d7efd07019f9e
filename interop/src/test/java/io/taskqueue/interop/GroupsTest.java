package io.taskqueue.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.AggregationRules;
import io.taskqueue.client.OnceTask;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both sides fill groups and merge what is in them.
 */
class GroupsTest extends BesideGo {

	private static final AggregationRules PAIRS = AggregationRules.STANDARD.withMaxSize(2)
		.withGrace(Duration.ofSeconds(1));

	private static final Map<String, Integer> GO_PAIRS = Map.of("maxSize", 2, "grace", 1_000);

	private int members;

	@Test
	@Scenario(19)
	void scenario19_tasksOfAGroupWaitInItAlike() {
		goMember("a", "g", Map.of("retry", 10));
		byte[] record = record("default", "a");
		Set<String> lines = asynqLines();
		this.redis.flushAll();
		javaMember("a", "g").enqueue();
		assertThat(asynqLines()).isEqualTo(lines).hasSize(6);
		assertThat(record("default", "a")).isEqualTo(record);
		assertThat(goLists("aggregating")).containsExactly("a");
		assertThat(goSees("a").get("Group").asString()).isEqualTo("g");
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	private Set<String> asynqLines() {
		return KeyDump.of(this.redis).asynq().tailMap("asynq:").headMap("asynq;").keySet();
	}

	@Test
	@Scenario({ 51, 52, 53 })
	void scenario51_52_53_javaMergesWhatGoEnqueues() {
		for (String id : List.of("a", "b", "c", "d", "e")) {
			goMember(id, "g", Map.of());
		}
		this.java.aggregate(PAIRS);
		this.java.work(JavaService.options());
		assertFiveAreMergedBy("java");
	}

	@Test
	@Scenario({ 51, 52, 53 })
	void scenario51_52_53_goMergesWhatJavaEnqueues() {
		for (String id : List.of("a", "b", "c", "d", "e")) {
			javaMember(id, "g").enqueue();
		}
		goServer(Map.of("groups", GO_PAIRS));
		assertFiveAreMergedBy("go");
	}

	/** The full sets first; the rest when no other has joined for a second. */
	private void assertFiveAreMergedBy(String side) {
		awaitMembers(5);
		List<Merged> merged = merged();
		assertThat(merged).extracting((task) -> task.members().size()).containsExactlyInAnyOrder(2, 2, 1);
		assertThat(members(merged)).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
		assertThat(merged).allSatisfy((task) -> {
			assertThat(task.by()).isEqualTo(side);
			assertThat(task.group()).isEqualTo("g");
		});
		awaitNothingElse(3);
	}

	@Test
	@Scenario(52)
	void scenario52_javaMergesWhatGoEnqueuedTooLongAgo() {
		goMember("a", "g", Map.of());
		this.java.aggregate(AggregationRules.STANDARD.withMaxDelay(Duration.ofSeconds(1)));
		this.java.work(JavaService.options());
		awaitMembers(1);
		awaitNothingElse(1);
	}

	@Test
	@Scenario({ 51, 53 })
	void scenario51_53_bothMergeAtOnceAndEveryMemberOnce() {
		this.java.aggregate(PAIRS.withMaxSize(10));
		this.java.work(JavaService.options());
		goServer(Map.of("groups", Map.of("maxSize", 10, "grace", 1_000)));
		await().until(() -> {
			enqueueSome();
			return merged().stream().map(Merged::by).distinct().count() == 2;
		});
		awaitMembers(this.members);
		List<Merged> merged = merged();
		assertThat(members(merged)).hasSize(this.members).doesNotHaveDuplicates();
		assertThat(merged).allSatisfy((task) -> assertThat(task.members()).hasSizeLessThanOrEqualTo(10));
		awaitNothingElse(merged.size());
	}

	private void enqueueSome() {
		for (int number = 0; number < 40; number++) {
			String id = "id" + this.members++;
			String group = "g" + number % 4;
			if (number < 20) {
				goMember(id, group, Map.of());
			}
			else {
				javaMember(id, group).enqueue();
			}
		}
	}

	@Test
	@Scenario({ 21, 44 })
	void scenario21_44_groupThatGoForwardsToIsStuckUntilAJavaWorkerNotices() {
		goServer(Map.of("groups", Map.of("grace", 1_000)));
		javaMember("delayed", "g").in(Duration.ofSeconds(1)).enqueue();
		awaitState("delayed", "aggregating");
		// Two others, one after the other, wait as long in a group that is known
		goMember("other", "h", Map.of());
		awaitMembers(1);
		goMember("another", "h", Map.of());
		awaitMembers(2);
		assertThat(members(merged())).containsExactlyInAnyOrder("other", "another");
		assertThat(this.redis.zrange(P + "g:g", 0, -1)).containsExactly("delayed");
		assertThat(goInspector().ask(Map.of("op", "groups", "queue", "default"))).isEmpty();
		this.java.work(JavaService.options());
		awaitMembers(3);
		assertThat(merged()).contains(new Merged("go", "g", List.of("delayed")));
		awaitNothingElse(3);
	}

	@Test
	@Scenario({ 21, 44 })
	void scenario21_44_javaForwardsToAGroupThatGoMerges() {
		javaMember("delayed", "g").in(Duration.ofSeconds(1)).enqueue();
		this.java.work(JavaService.options());
		awaitState("delayed", "aggregating");
		goServer(Map.of("groups", Map.of("grace", 1_000)));
		awaitMembers(1);
		awaitNothingElse(1);
	}

	@Test
	@Scenario(21)
	void scenario21_goClientForgetsTheGroupOfADelayedTask() {
		goMember("delayed", "g", Map.of("in", 1_000));
		assertThat(this.redis.hexists(P + "t:delayed", "group")).isFalse();
		this.java.aggregate(PAIRS);
		this.java.work(JavaService.options());
		this.java.awaitStart("delayed");
		awaitGone("delayed");
		assertThat(merged()).isEmpty();
	}

	private OnceTask javaMember(String id, String group) {
		return this.java.tasks().once("t").uuid(id).group(group).payload(utf8(id));
	}

	private void goMember(String id, String group, Map<String, ?> options) {
		Map<String, Object> request = new HashMap<>(Map.of("type", "t", "id", id, "group", group, "payload", utf8(id)));
		request.putAll(options);
		goClient().ask(request);
	}

	private void awaitMembers(int count) {
		await().until(() -> members(merged()).size() >= count);
	}

	/** Waits until the merged tasks have run, and looks that nothing else is left. */
	private void awaitNothingElse(int merged) {
		StoredQueue queue = new StoredQueue(this.redis);
		await().until(() -> queue.ids("completed").size() == merged && !this.redis.exists(P + "aggregation_sets"));
		assertThat(this.redis.keys("asynq:?default?:t:*")).hasSize(merged);
		assertThat(this.redis.keys("asynq:?default?:g:*")).isEmpty();
		assertThat(this.redis.exists(P + "groups")).isFalse();
		assertThat(queue.faults()).isEmpty();
	}

	private List<Merged> merged() {
		List<Merged> merged = new ArrayList<>();
		for (String key : this.redis.keys("asynq:?default?:t:*")) {
			byte[] record = this.redis.hget(utf8(key), utf8("msg"));
			if (record != null) {
				TaskMessage message = TaskMessage.decode(record);
				if (message.type().equals(Merged.TYPE)) {
					merged.add(Merged.of(message.payload()));
				}
			}
		}
		return merged;
	}

	private static List<String> members(List<Merged> merged) {
		return merged.stream().flatMap((task) -> task.members().stream()).toList();
	}

}
