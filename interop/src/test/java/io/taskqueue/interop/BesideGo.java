package io.taskqueue.interop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.taskqueue.client.OnceTask;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * One empty Redis, and both sides on it: this library's and real asynq's. The tests are
 * named after the scenarios of the conformance list. They are skipped where Go is not
 * installed.
 */
@Timeout(120)
abstract class BesideGo {

	static final String P = "asynq:{default}:";

	private static @Nullable EmbeddedRedisServer server;

	private final Deque<AutoCloseable> open = new ArrayDeque<>();

	Jedis redis;

	JavaService java;

	private PeerProcess.@Nullable Dialogue goClient;

	private PeerProcess.@Nullable Dialogue goInspector;

	@BeforeAll
	static void bePatient() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	@BeforeEach
	void begin() {
		assumeTrue(GoProgram.isAvailable(), "Go is not installed");
		EmbeddedRedisServer server = redisServer();
		this.redis = closeLater(new Jedis(server.host(), server.port()));
		this.redis.flushAll();
		this.java = closeLater(new JavaService(server.host(), server.port()));
	}

	@AfterEach
	void end() throws Exception {
		while (!this.open.isEmpty()) {
			this.open.pop().close();
		}
	}

	/** Returns the asynq to be beside. */
	GoProgram peer() {
		return GoProgram.ASYNQ;
	}

	/** Begins a task of ours with a known id in the queue {@code default}. */
	OnceTask javaTask(String id, Behaviour behaviour) {
		return this.java.tasks().once("t").uuid(id).payload(behaviour.payload());
	}

	/** Enqueues a task by asynq's client. */
	JsonNode goEnqueue(String id, Behaviour behaviour, Map<String, ?> options) {
		return goClient().ask(goTask(id, behaviour, options));
	}

	/** Returns a request to asynq's client; what the options say comes first. */
	static Map<String, Object> goTask(String id, Behaviour behaviour, Map<String, ?> options) {
		Map<String, Object> request = new HashMap<>(Map.of("type", "t", "id", id, "payload", behaviour.payload()));
		request.putAll(options);
		return request;
	}

	PeerProcess.Dialogue goClient() {
		PeerProcess.Dialogue client = this.goClient;
		if (client == null) {
			client = closeLater(new PeerProcess.Dialogue(peer().start("enqueue", address())));
			this.goClient = client;
		}
		return client;
	}

	PeerProcess.Dialogue goInspector() {
		PeerProcess.Dialogue inspector = this.goInspector;
		if (inspector == null) {
			inspector = closeLater(new PeerProcess.Dialogue(peer().start("inspect", address())));
			this.goInspector = inspector;
		}
		return inspector;
	}

	/** Starts a server of asynq; failed tasks come again at once. */
	GoServer goServer(int concurrency) {
		return goServer(Map.of("concurrency", concurrency));
	}

	GoServer goServer(Map<String, ?> config) {
		return closeLater(new GoServer(peer(), address(), config));
	}

	/** Has asynq's inspector do something with a task of the queue {@code default}. */
	JsonNode go(String op, String id) {
		return goInspector().ask(Map.of("op", op, "queue", "default", "id", id));
	}

	/** Returns a task as asynq's inspector sees it. */
	JsonNode goSees(String id) {
		return go("task", id);
	}

	/** Returns the queue {@code default} as asynq's inspector sees it. */
	JsonNode goSeesQueue() {
		return goInspector().ask(Map.of("op", "queue", "queue", "default"));
	}

	/** Returns the ids that asynq's inspector lists in a state, in its order. */
	List<String> goLists(String state) {
		return goInspector().ask(Map.of("op", "list", "queue", "default", "state", state, "group", "g"))
			.valueStream()
			.map((task) -> task.get("ID").asString())
			.toList();
	}

	void awaitState(String id, String state) {
		await().until(() -> state.equals(this.redis.hget(Keys.task("default", id), "state")));
	}

	/** Waits until a task has been removed after its success. */
	void awaitGone(String id) {
		await().until(() -> !this.redis.exists(Keys.task("default", id)));
	}

	/** Returns a task's record as it is stored. */
	TaskMessage message(String id) {
		return TaskMessage.decode(record("default", id));
	}

	byte[] record(String queue, String id) {
		return this.redis.hget(utf8(Keys.task(queue, id)), utf8("msg"));
	}

	<T extends AutoCloseable> T closeLater(T resource) {
		this.open.push(resource);
		return resource;
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static EmbeddedRedisServer redisServer() {
		synchronized (BesideGo.class) {
			EmbeddedRedisServer running = server;
			if (running == null) {
				running = EmbeddedRedisServer.start();
				server = running;
			}
			return running;
		}
	}

	static String address() {
		return redisServer().host() + ":" + redisServer().port();
	}

}
