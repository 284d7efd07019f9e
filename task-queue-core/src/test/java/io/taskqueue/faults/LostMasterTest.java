package io.taskqueue.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskRequest;
import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.testing.Replicated;
import io.taskqueue.testing.ReplicationLog;
import io.taskqueue.testing.Storage;
import io.taskqueue.wire.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A replica takes the place of the queue's master under load. What the master had
 * confirmed and not replicated is lost, by name; nothing else is missing, stuck or run
 * twice.
 */
@ParameterizedClass
@MethodSource("storages")
class LostMasterTest {

	private static final Logger logger = LoggerFactory.getLogger(LostMasterTest.class);

	private static final int TASKS = Scene.SOAK ? 20_000 : 2000;

	/** Between the end of replication and the master's: what is lost. */
	private static final int UNREPLICATED = 100;

	/**
	 * As much as a busy machine lets lie in a connection when it breaks, and far below
	 * what a master confirms in a second.
	 */
	private static final int ON_THEIR_WAY = 50;

	private static final String[] CONFIG = { "--aof-use-rdb-preamble", "no" };

	@RegisterExtension
	final Scene scene;

	private final Storage storage;

	/** Ids of which it was doubtful for a while whether they were stored. */
	private final Set<String> doubtful = new HashSet<>();

	private final List<String> confirmed = new CopyOnWriteArrayList<>();

	private Replicated redis;

	LostMasterTest(Storage storage) {
		this.storage = storage;
		this.scene = new Scene(() -> {
			this.redis = Replicated.start(storage, Keys.queue(Scene.QUEUE), CONFIG);
			return this.redis.deployment();
		}, storage::factory);
	}

	/** Each way and each driver once, and all combinations in the long run. */
	static List<Storage> storages() {
		return Scene.SOAK ? Replicated.storages() : List.of(Storage.SENTINEL_JEDIS, Storage.CLUSTER_LETTUCE);
	}

	/**
	 * As an operator should do it: through Sentinel with min-replicas-to-write. A Cluster
	 * waits until the replica has everything, Sentinel does not.
	 */
	@Test
	void plannedFailover() throws Exception {
		// Completions that are lost through Sentinel cost a minute
		assumeThat(Scene.SOAK || !this.storage.isSentinel()).isTrue();
		if (this.storage.isSentinel()) {
			this.redis.requireReplica();
		}
		ReplicationLog log = this.redis.log();
		FutureTask<?> producer = startUnderLoad();
		this.redis.failOver();
		this.redis.awaitReplaced();
		assertThat(assertNothingElseLost(log, producer)).as("tasks that are missing")
			.hasSizeLessThanOrEqualTo(this.storage.isSentinel() ? ON_THEIR_WAY : 0);
	}

	/**
	 * Sentinel lets the old master go on for ten seconds, and what it confirms meanwhile
	 * is lost. Completions that are lost cost a minute, until their leases are recovered.
	 */
	@Test
	@EnabledIfSystemProperty(named = "taskqueue.soak", matches = "true")
	void plannedFailoverOfAMasterThatNeedsNoReplica() throws Exception {
		assumeThat(this.storage.isSentinel()).isTrue();
		ReplicationLog log = this.redis.log();
		FutureTask<?> producer = startUnderLoad();
		this.redis.failOver();
		this.redis.awaitReplaced();
		assertNothingElseLost(log, producer);
	}

	@Test
	void killedMaster() throws Exception {
		ReplicationLog log = this.redis.log();
		FutureTask<?> producer = startUnderLoad();
		this.redis.master().kill();
		this.redis.awaitReplaced();
		assertNothingElseLost(log, producer);
	}

	/** The completions that are lost cost a minute as well. */
	@Test
	@EnabledIfSystemProperty(named = "taskqueue.soak", matches = "true")
	void killedMasterThatHadLostItsReplica() throws Exception {
		ReplicationLog log = this.redis.log();
		FutureTask<?> producer = startUnderLoad();
		int finished = this.scene.history().ids(Kind.FINISHED).size();
		this.redis.partReplica();
		this.scene.history().awaitCount(Kind.FINISHED, finished + UNREPLICATED);
		this.redis.master().kill();
		this.redis.awaitReplaced();
		assertNothingElseLost(log, producer);
		assertThat(log.notReplicated()).isNotEmpty();
	}

	@Test
	@EnabledIfSystemProperty(named = "taskqueue.soak", matches = "true")
	void killedMasterThatHadLostTheReplicaThatItNeeds() throws Exception {
		this.redis.requireReplica();
		ReplicationLog log = this.redis.log();
		FutureTask<?> producer = startUnderLoad();
		this.redis.partReplica();
		Scene.pass(Duration.ofMillis(500));
		this.redis.master().kill();
		this.redis.awaitReplaced();
		assertThat(assertNothingElseLost(log, producer)).as("tasks that are missing")
			.hasSizeLessThanOrEqualTo(ON_THEIR_WAY);
	}

	/** Starts two workers and a producer; returns when they are busy. */
	private FutureTask<?> startUnderLoad() {
		this.scene.local("one", 10);
		this.scene.local("two", 10);
		FutureTask<?> producer = new FutureTask<>(this::produce, null);
		new Thread(producer, "producer").start();
		this.scene.history().awaitCount(Kind.FINISHED, TASKS / 4);
		return producer;
	}

	private void produce() {
		for (int i = 0; i < TASKS; i++) {
			String id = "task%05d".formatted(i);
			TaskRequest request = TaskRequest.of(RecordingHandlers.WORK, 5)
				.with((options) -> options.withId(id).withOnConflict(OnConflict.KEEP));
			while (!stored(request)) {
				this.doubtful.add(id);
			}
			this.confirmed.add(id);
		}
	}

	private boolean stored(TaskRequest request) {
		try {
			this.scene.template().enqueue(request);
			return true;
		}
		catch (TaskQueueException ex) {
			return false;
		}
	}

	/** Returns the confirmed tasks that are missing. */
	private Set<String> assertNothingElseLost(ReplicationLog log, FutureTask<?> producer) throws Exception {
		producer.get(2, TimeUnit.MINUTES);
		List<List<String>> lost = log.notReplicated();
		Set<String> touched = mentioned(lost);
		History history = this.scene.history();
		Set<String> expected = new HashSet<>(this.confirmed);
		expected.removeAll(created(lost));
		history.awaitAll(Kind.FINISHED, expected);
		Leftovers.awaitSettled(this.scene.deployment());

		Set<String> missing = new HashSet<>(this.confirmed);
		missing.removeAll(history.ids(Kind.FINISHED));
		logger.info("{}: {} writes were not replicated, about {} tasks; missing: {}; run again: {}", this.storage,
				lost.size(), touched.size(), missing, history.repeated());
		assertThat(missing).as("tasks that are missing").isSubsetOf(created(lost));
		Set<String> mayRepeat = new HashSet<>(touched);
		// One may have run before its caller learned that it was stored
		mayRepeat.addAll(this.doubtful);
		assertThat(history.repeated()).as("tasks that ran more than once").isSubsetOf(mayRepeat);
		history.assertNoAttemptUsed();
		return missing;
	}

	/** The tasks that commands have created. */
	private static Set<String> created(List<List<String>> commands) {
		String prefix = Keys.taskPrefix(Scene.QUEUE);
		return commands.stream()
			.filter((command) -> command.get(0).matches("HM?SET") && command.get(1).startsWith(prefix)
					&& command.contains("msg"))
			.map((command) -> command.get(1).substring(prefix.length()))
			.collect(Collectors.toSet());
	}

	/** The tasks whose state commands have changed. */
	private Set<String> mentioned(List<List<String>> commands) {
		Set<String> words = new HashSet<>();
		commands.forEach(words::addAll);
		Set<String> mentioned = new HashSet<>();
		for (String id : new ArrayList<>(this.confirmed)) {
			if (words.contains(id) || words.contains(Keys.task(Scene.QUEUE, id))) {
				mentioned.add(id);
			}
		}
		return mentioned;
	}

}
