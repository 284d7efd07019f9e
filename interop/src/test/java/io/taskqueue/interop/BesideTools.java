package io.taskqueue.interop;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What tests of asynq's tools look at.
 */
abstract class BesideTools extends BesideGo {

	/** What the worker of {@link #occupyEveryState()} does with the task it holds. */
	static final Behaviour LONG = Behaviour.hold(60_000);

	/**
	 * Leaves a task of ours in every state of the queue {@code default}, named after the
	 * state; two are pending, the one of the group {@code g} is Go's. A worker of ours
	 * holds the active one.
	 */
	void occupyEveryState() {
		javaTask("retry", Behaviour.fail(1)).retry(3).enqueue();
		javaTask("archived", Behaviour.skipRetry()).enqueue();
		javaTask("completed", Behaviour.result("hello")).retention(Duration.ofHours(1)).enqueue();
		this.java.work(JavaService.patient().withConcurrency(1).withShutdownTimeout(Duration.ofMillis(50)));
		awaitState("retry", "retry");
		awaitState("archived", "archived");
		awaitState("completed", "completed");
		javaTask("active", LONG).timeout(Duration.ofMinutes(2)).enqueue();
		this.java.awaitStart("active");
		javaTask("pending1", Behaviour.SUCCEED).enqueue();
		javaTask("pending2", Behaviour.SUCCEED).enqueue();
		javaTask("scheduled", Behaviour.SUCCEED).in(Duration.ofHours(1)).enqueue();
		goEnqueue("aggregating", Behaviour.SUCCEED, Map.of("group", "g"));
		await().untilAsserted(() -> assertThat(this.redis.lrange(P + "pending", 0, -1))
			.containsExactlyElementsOf(List.of("pending2", "pending1")));
	}

	/**
	 * Leaves tasks of ours in a state of the queue {@code default}, with no worker about;
	 * Go's for the group {@code g}.
	 */
	void occupy(String state, String... ids) {
		for (String id : ids) {
			switch (state) {
				case "pending" -> javaTask(id, Behaviour.SUCCEED).enqueue();
				case "scheduled" -> javaTask(id, Behaviour.SUCCEED).in(Duration.ofHours(1)).enqueue();
				case "retry" -> javaTask(id, Behaviour.fail(1)).retry(3).enqueue();
				case "archived" -> javaTask(id, Behaviour.fail(1)).retry(0).enqueue();
				case "completed" -> javaTask(id, Behaviour.SUCCEED).retention(Duration.ofHours(1)).enqueue();
				case "aggregating" -> goEnqueue(id, Behaviour.SUCCEED, Map.of("group", "g"));
				default -> throw new IllegalArgumentException(state);
			}
		}
		if (List.of("retry", "archived", "completed").contains(state)) {
			this.java.work(JavaService.patient());
			List.of(ids).forEach((id) -> awaitState(id, state));
			this.java.stop();
		}
	}

	void assertStates(Map<String, String> states) {
		states.forEach((id, state) -> assertThat(this.redis.hget(P + "t:" + id, "state")).as(id).isEqualTo(state));
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	void assertGone(String... ids) {
		assertThat(List.of(ids)).noneMatch((id) -> this.redis.exists(P + "t:" + id));
	}

}
