package io.taskqueue.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import io.taskqueue.AggregationRules;
import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.OnceTask;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.resps.Tuple;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both sides enqueue to and work on three queues while workers of both are killed and
 * replaced. Afterwards every task is accounted for from what the workers told, the
 * counters agree with it and with asynqmon, and nothing else is left. With {@code -Psoak}
 * there are more tasks, and what a killed Go server held is waited for; otherwise its
 * leases are made to end at once. Beside them both fill groups of a fourth queue, in
 * which Go has delayed tasks join theirs; afterwards each member is in exactly one merged
 * task.
 */
@Timeout(1200)
class MixedFleetSoakTest extends BesideGo {

	private static final boolean SOAK = Boolean.getBoolean("taskqueue.soak");

	private static final int TASKS = SOAK ? 50_000 : 2_000;

	private static final int KILLS = SOAK ? 8 : 2;

	private static final Map<String, Integer> QUEUES = Map.of("critical", 6, "default", 3, "low", 1);

	/** Its tasks wait in groups, which a worker of ours merges that nobody kills. */
	private static final String GROUPED = "grouped";

	private static final String EXPIRED = "asynq: task lease expired";

	private final Random random = new Random(65);

	private final List<Planned> plan = new ArrayList<>();

	private final List<WorkerProcess> workers = new ArrayList<>();

	@Test
	@Scenario({ 53, 57, 58, 65 })
	void everyTaskIsAccountedForAlthoughWorkersOfBothSidesAreKilled() {
		planTasks();
		Asynqmon asynqmon = closeLater(new Asynqmon(address()));
		this.java.aggregate(AggregationRules.STANDARD.withMaxSize(20).withGrace(Duration.ofSeconds(2)));
		this.java.work(JavaService.options().withQueues(Map.of(GROUPED, 1)).withConcurrency(2));
		startGo();
		startJava();
		List<WorkerProcess> victims = new ArrayList<>(List.of(startGo(), startJava()));
		enqueue(0, TASKS / 2);
		try (Background enqueuing = new Background(() -> enqueue(TASKS / 2, TASKS));
				Background watching = Background.repeat(asynqmon::assertEveryPageAnswers)) {
			for (int kill = 1; kill <= KILLS; kill++) {
				int soFar = kill * TASKS / (KILLS + 2);
				patience().until(() -> settled() >= soFar);
				Collections.shuffle(victims, this.random);
				victims.forEach(this::killAtWork);
				assertNoFaults();
				victims = new ArrayList<>(List.of(startGo(), startJava()));
			}
			enqueuing.join();
			patience().until(() -> {
				hastenRecovery();
				// What was the last of a group is a pending task by now, perhaps
				return isIdle() && groupsAreEmpty() && isIdle();
			});
			System.out.printf("Every page of asynqmon answered %d times meanwhile%n", watching.rounds());
			assertThat(watching.rounds()).isPositive();
		}
		this.workers.forEach(WorkerProcess::close);
		this.java.stop();
		assertEveryMemberIsMergedOnce();
		assertEveryTaskIsAccountedFor();
		assertFigures(asynqmon);
		assertNothingElseIsLeft();
		asynqmon.assertEveryPageAnswers();
	}

	/** A task that will be enqueued. */
	private record Planned(String id, String queue, int fail, int retry, boolean retained, boolean unique, int delay,
			int hold) {

		Behaviour behaviour() {
			return new Behaviour(this.fail, false, this.hold, this.retained || this.unique ? this.id : "");
		}

		/** Tells whether it fails more often than it may. */
		boolean isHopeless() {
			return this.fail > this.retry;
		}

	}

	private void planTasks() {
		List<String> queues = List.of("critical", "default", "low");
		for (int number = 0; number < TASKS; number++) {
			this.plan.add(new Planned("id" + number, queues.get(this.random.nextInt(3)),
					Math.max(0, this.random.nextInt(6) - 2), this.random.nextInt(4), this.random.nextInt(4) == 0,
					this.random.nextInt(4) == 0, (this.random.nextInt(5) == 0) ? this.random.nextInt(3_000) : 0,
					this.random.nextInt(SOAK ? 30 : 60)));
		}
	}

	/** Go enqueues every second task. */
	private void enqueue(int from, int to) {
		List<TaskRequest> ours = new ArrayList<>();
		for (int number = from; number < to; number++) {
			Planned task = this.plan.get(number);
			if (number % 2 == 0) {
				goEnqueue(task.id(), task.behaviour(), goOptions(task));
			}
			else {
				ours.add(javaRequest(task));
			}
			if (number % 10 == 0) {
				enqueueMember(number);
			}
			if (ours.size() == 100 || number == to - 1) {
				assertThat(this.java.tasks().enqueueAll(ours)).extracting(EnqueueResult::error).containsOnlyNulls();
				ours.clear();
			}
		}
	}

	/** Ours are delayed: Go's client would forget their group. */
	private void enqueueMember(int number) {
		String id = "member" + number;
		String group = "g" + number % 7;
		if (number % 20 == 0) {
			goClient().ask(Map.of("type", "t", "id", id, "queue", GROUPED, "group", group, "payload", utf8(id)));
		}
		else {
			this.java.tasks()
				.once("t")
				.uuid(id)
				.queue(GROUPED)
				.group(group)
				.payload(utf8(id))
				.in(Duration.ofMillis(1 + number % 3_000))
				.enqueue();
		}
	}

	private static Map<String, Object> goOptions(Planned task) {
		Map<String, Object> options = new HashMap<>(Map.of("queue", task.queue(), "retry", task.retry()));
		if (task.retained()) {
			options.put("retention", 3_600_000);
		}
		if (task.unique()) {
			options.put("unique", 3_600_000);
		}
		if (task.delay() > 0) {
			options.put("in", task.delay());
		}
		return options;
	}

	private TaskRequest javaRequest(Planned planned) {
		OnceTask task = javaTask(planned.id(), planned.behaviour()).queue(planned.queue()).retry(planned.retry());
		if (planned.retained()) {
			task = task.retention(Duration.ofHours(1));
		}
		if (planned.unique()) {
			task = task.unique(Duration.ofHours(1));
		}
		return ((planned.delay() > 0) ? task.in(Duration.ofMillis(planned.delay())) : task).toRequest();
	}

	private WorkerProcess startGo() {
		Map<String, Integer> queues = new HashMap<>(QUEUES);
		queues.put(GROUPED, 1);
		GoServer server = goServer(Map.of("concurrency", 4, "queues", queues));
		this.workers.add(server);
		return server;
	}

	private WorkerProcess startJava() {
		JavaWorker worker = closeLater(new JavaWorker(address(), QUEUES, 4));
		this.workers.add(worker);
		return worker;
	}

	private void killAtWork(WorkerProcess victim) {
		patience().pollInterval(Duration.ofMillis(5)).until(() -> !victim.unfinished().isEmpty());
		victim.kill();
	}

	/**
	 * In a short run nobody waits until Go's leases end: those that have not been renewed
	 * for a quarter of a minute end now. Their handlers last no longer than milliseconds.
	 */
	private void hastenRecovery() {
		if (SOAK) {
			return;
		}
		long now = System.currentTimeMillis() / 1000;
		for (String queue : allQueues()) {
			String leases = Keys.queue(queue) + "lease";
			for (Tuple lease : this.redis.zrangeWithScores(leases, 0, -1)) {
				String id = lease.getElement();
				if (lease.getScore() < now + 15 && !this.redis.hexists(Keys.task(queue, id), "tq:owner")) {
					this.redis.zadd(leases, now - 31.0, id, ZAddParams.zAddParams().xx());
				}
			}
		}
	}

	private void assertEveryTaskIsAccountedFor() {
		Map<String, Integer> bySurvivors = new HashMap<>();
		Set<String> byKilled = new HashSet<>();
		for (WorkerProcess worker : this.workers) {
			if (worker.wasKilled()) {
				byKilled.addAll(worker.succeeded());
			}
			else {
				worker.succeeded().forEach((id) -> bySurvivors.merge(id, 1, Integer::sum));
			}
		}
		assertThat(bySurvivors.values()).as("a task succeeds once, unless its worker was killed").containsOnly(1);
		Set<String> archived = archived();
		int exhausted = 0;
		for (Planned task : this.plan) {
			boolean succeeded = bySurvivors.containsKey(task.id()) || byKilled.contains(task.id());
			if (!archived.contains(task.id())) {
				assertThat(task.isHopeless()).as("%s had to fail", task).isFalse();
				assertThat(succeeded).as("%s ended without being run", task).isTrue();
			}
			else if (!task.isHopeless()) {
				// Its last attempt was under way in a Go server that was killed
				assertThat(stored(task).errorMsg()).as("%s", task).isEqualTo(EXPIRED);
				exhausted++;
			}
		}
		int interrupted = this.workers.stream().mapToInt((worker) -> worker.unfinished().size()).sum();
		System.out.printf("Of %d tasks %d were archived; %d attempts were killed, %d of them the last%n", TASKS,
				archived.size(), interrupted, exhausted);
		assertThat(interrupted).as("attempts that were killed").isPositive();
		assertThat(exhausted).isLessThanOrEqualTo(interrupted);
	}

	private void assertEveryMemberIsMergedOnce() {
		List<String> members = queue(GROUPED).ids("completed")
			.stream()
			.map((id) -> TaskMessage.decode(record(GROUPED, id)).payload())
			.flatMap((payload) -> Merged.of(payload).members().stream())
			.toList();
		List<String> expected = IntStream.range(0, TASKS / 10).mapToObj((number) -> "member" + 10 * number).toList();
		assertThat(members).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(this.redis.keys("asynq:?grouped?:t:*")).hasSameSizeAs(queue(GROUPED).ids("completed"));
		assertThat(queue(GROUPED).faults()).isEmpty();
	}

	/** The storage's counters, those of asynqmon, and the tasks agree. */
	private void assertFigures(Asynqmon asynqmon) {
		JsonNode days = asynqmon.get("queue_stats").get("stats");
		for (String name : QUEUES.keySet()) {
			StoredQueue queue = queue(name);
			Set<String> archived = new HashSet<>(queue.ids("archived"));
			Set<String> retained = new TreeSet<>();
			long planned = 0;
			for (Planned task : this.plan) {
				if (task.queue().equals(name)) {
					planned++;
					if (task.retained() && !archived.contains(task.id())) {
						retained.add(task.id());
					}
				}
			}
			assertThat(new TreeSet<>(queue.ids("completed"))).isEqualTo(retained);
			assertThat((long) queue.counter("processed") - queue.counter("failed")).as("successes")
				.isEqualTo(planned - archived.size());
			JsonNode figures = asynqmon.figures(name);
			assertThat(figures.get("size").asInt()).isEqualTo(archived.size() + retained.size());
			assertThat(figures.get("archived").asInt()).isEqualTo(archived.size());
			assertThat(figures.get("completed").asInt()).isEqualTo(retained.size());
			for (String counter : List.of("processed", "failed")) {
				assertThat(days.get(name).valueStream().mapToInt((day) -> day.get(counter).asInt()).sum())
					.isEqualTo(queue.counter(counter));
			}
		}
	}

	private void assertNothingElseIsLeft() {
		assertNoFaults();
		Set<String> expected = new TreeSet<>();
		Set<String> archived = archived();
		for (Planned task : this.plan) {
			String prefix = Keys.queue(task.queue());
			if (archived.contains(task.id())) {
				expected.addAll(List.of(Keys.task(task.queue(), task.id()), prefix + "archived"));
				if (task.unique()) {
					expected.add(Keys.unique(task.queue(), "t", task.behaviour().payload()));
				}
			}
			else if (task.retained()) {
				expected.addAll(List.of(Keys.task(task.queue(), task.id()), prefix + "completed"));
			}
		}
		Set<String> left = new TreeSet<>(this.redis.keys("asynq:{*"));
		left.removeIf((key) -> key.startsWith(Keys.queue(GROUPED)));
		// Counters live for ever or 90 days, answers to repeated calls a minute, the list
		// of
		// who may hold tasks until the next worker looks
		left.removeIf(
				(key) -> key.matches("asynq:\\{\\w+}:(processed|failed)(:[-\\d]+)?|.*}:tq:reply:.*|.*}:tq:owners"));
		assertThat(left).containsExactlyInAnyOrderElementsOf(expected);
		for (Planned task : this.plan) {
			if (task.retained() && !archived.contains(task.id())) {
				assertThat(this.redis.hget(Keys.task(task.queue(), task.id()), "result")).isEqualTo(task.id());
			}
		}
	}

	private Set<String> archived() {
		Set<String> archived = new HashSet<>();
		QUEUES.keySet().forEach((queue) -> archived.addAll(queue(queue).ids("archived")));
		return archived;
	}

	private TaskMessage stored(Planned task) {
		return TaskMessage.decode(record(task.queue(), task.id()));
	}

	private int settled() {
		return QUEUES.keySet()
			.stream()
			.map(this::queue)
			.mapToInt((queue) -> queue.counter("processed") - queue.counter("failed") + queue.ids("archived").size())
			.sum();
	}

	private boolean isIdle() {
		return allQueues().stream()
			.map(this::queue)
			.allMatch((queue) -> List.of("pending", "active", "scheduled", "retry", "lease")
				.stream()
				.allMatch((state) -> queue.ids(state).isEmpty()));
	}

	private boolean groupsAreEmpty() {
		return this.redis.keys("asynq:?grouped?:g:*").isEmpty();
	}

	private static Set<String> allQueues() {
		Set<String> queues = new TreeSet<>(QUEUES.keySet());
		queues.add(GROUPED);
		return queues;
	}

	private void assertNoFaults() {
		QUEUES.keySet().forEach((queue) -> assertThat(queue(queue).faults()).isEmpty());
	}

	private StoredQueue queue(String name) {
		return new StoredQueue(this.redis, name);
	}

	private static ConditionFactory patience() {
		return await().atMost(Duration.ofSeconds(SOAK ? 400 : 90)).pollInterval(Duration.ofMillis(200));
	}

}
