package io.taskqueue.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.testing.Deployment;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.Keys;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Redis of its own, workers, and their history, for one test. What the processes have
 * logged is shown if the test fails.
 */
final class Scene implements BeforeEachCallback, AfterEachCallback {

	static final String QUEUE = "default";

	/** Whether tests run with their full counts. */
	static final boolean SOAK = Boolean.getBoolean("taskqueue.soak");

	private final List<WorkerProcess> processes = new ArrayList<>();

	private final List<LocalWorker> locals = new ArrayList<>();

	private final Supplier<? extends Deployment> start;

	private final Function<? super Deployment, RedisConnectionFactory> driver;

	private Deployment redis;

	private Path directory;

	private TaskQueue queue;

	private TaskTemplate template;

	/** A server, used over Jedis. */
	Scene() {
		this(TestRedis::start, Deployment::jedisFactory);
	}

	/**
	 * Something else.
	 * @param start starts Redis
	 * @param driver connects to it
	 */
	Scene(Supplier<? extends Deployment> start, Function<? super Deployment, RedisConnectionFactory> driver) {
		this.start = start;
		this.driver = driver;
	}

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		this.redis = this.start.get();
		this.directory = Files.createTempDirectory("task-queue-faults");
		this.queue = TaskQueue.connect(factory(), TaskQueueOptions.standard("faults"));
		this.template = this.queue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.processes.forEach(WorkerProcess::kill);
		if (context.getExecutionException().isPresent()) {
			this.processes.forEach((process) -> System.out.println(process.name() + ":\n" + process.log()));
		}
		this.locals.forEach(LocalWorker::close);
		this.template.close();
		this.queue.close();
		this.redis.close();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the server, where it is one. */
	TestRedis redis() {
		return (TestRedis) this.redis;
	}

	/** Returns Redis, whatever it is. */
	Deployment deployment() {
		return this.redis;
	}

	/** Returns a connection factory of an application. */
	RedisConnectionFactory factory() {
		return this.driver.apply(this.redis);
	}

	TaskTemplate template() {
		return this.template;
	}

	/** Returns what all workers have done. */
	History history() {
		return new History(this.directory);
	}

	/** Starts a worker in a JVM of its own. */
	WorkerProcess process(String name, int concurrency) {
		WorkerProcess process = new WorkerProcess(name, redis().port(), concurrency, this.directory);
		this.processes.add(process);
		return process;
	}

	/** Starts a worker in this JVM, over connections of its own. */
	LocalWorker local(String name, int concurrency) {
		LocalWorker local = new LocalWorker(name, factory(), concurrency, this.directory);
		this.locals.add(local);
		return local;
	}

	/**
	 * Enqueues tasks.
	 * @param prefix what their ids begin with; a number follows, in their order
	 * @return their ids
	 */
	List<String> enqueue(String type, String prefix, int count, Object payload) {
		List<String> ids = IntStream.range(0, count).mapToObj((i) -> "%s%05d".formatted(prefix, i)).toList();
		List<EnqueueResult> results = this.template.enqueueAll(
				ids.stream().map((id) -> TaskRequest.of(type, payload).with((options) -> options.withId(id))).toList());
		results.forEach(EnqueueResult::orThrow);
		return ids;
	}

	/** Returns the ids of the tasks that Redis says are in an owner's hands. */
	Set<String> heldBy(String owner) {
		try (Jedis jedis = this.redis.jedis()) {
			Set<String> held = new HashSet<>();
			for (String id : jedis.lrange(Keys.queue(QUEUE) + "active", 0, -1)) {
				if (owner.equals(jedis.hget(Keys.task(QUEUE, id), "tq:owner"))) {
					held.add(id);
				}
			}
			return held;
		}
	}

	/** Nobody took a task for one whose worker had died. */
	void assertNothingRecovered() {
		for (WorkerProcess process : this.processes) {
			assertThat(process.log()).doesNotContain("Recovered task");
		}
	}

	/** A fault is as long as that. */
	static void pass(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
