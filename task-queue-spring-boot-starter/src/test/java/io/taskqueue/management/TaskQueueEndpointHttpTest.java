package io.taskqueue.management;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.taskqueue.TaskRequest;
import io.taskqueue.TaskState;
import io.taskqueue.autoconfigure.RedisContexts;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import io.taskqueue.inspect.TaskInspector;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skyscreamer.jsonassert.JSONAssert;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint as operators meet it: over HTTP, in a whole application.
 */
@Timeout(60)
class TaskQueueEndpointHttpTest {

	private static final AtomicInteger QUEUES = new AtomicInteger();

	private final HttpClient client = HttpClient.newHttpClient();

	private final String queue = "http" + QUEUES.incrementAndGet();

	private @Nullable ConfigurableApplicationContext context;

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
	}

	@Test
	void showsQueuesTasksAndOneTaskWhateverTheApplicationDoesToItsOwnJson() throws Exception {
		start("spring.jackson.property-naming-strategy=SNAKE_CASE");
		secret();
		JsonNode overview = json(get(""));
		assertThat(overview.propertyNames()).containsExactlyInAnyOrder("queues", "servers", "schedules");
		assertThat(overview.path("queues").valueStream().map((queue) -> queue.path("queue").asString()))
			.contains(this.queue);
		HttpResponse<String> shown = get("/" + this.queue);
		JSONAssert.assertEquals("""
				{"figures": {"queue": "%s", "registered": true, "size": {"value": 1}, "pending": 1, "active": 0,
				"paused": false, "problems": []}}""".formatted(this.queue), shown.body(), false);
		assertThat(json(shown).path("figures").path("latency").asString()).startsWith("PT");
		assertThat(json(shown).path("history")).hasSize(10);
		String task = """
				{"queue": "%s", "id": "a", "state": "PENDING", "type": "t", "payload": "******", "payloadBytes": 8,
				"headers": {"token": "******"}, "maxRetry": 10, "retried": 0, "nextProcessAt": "%s", "orphaned": false}""";
		HttpResponse<String> one = get("/" + this.queue + "/tasks/a");
		JSONAssert.assertEquals(task.formatted(this.queue, json(one).path("nextProcessAt").asString()), one.body(),
				true);
		JsonNode page = json(get("/" + this.queue + "/tasks?state=pending&page=1&size=5"));
		assertThat(page.path("total").asInt()).isEqualTo(1);
		JsonNode listed = page.path("tasks").path(0);
		JSONAssert.assertEquals(task.formatted(this.queue, listed.path("nextProcessAt").asString()), listed.toString(),
				true);
		assertThat(json(get("/" + this.queue + "/tasks?state=archived")).path("total").asInt()).isZero();
	}

	@Test
	void alwaysShowsValuesWhereConfigured() throws Exception {
		start("management.endpoint.taskqueues.show-values=always");
		secret();
		assertThat(payload(get("/" + this.queue + "/tasks/a"))).isEqualTo("\"secret\"");
		assertThat(json(get("/" + this.queue + "/tasks/a")).path("headers").path("token").asString()).isEqualTo("abc");
	}

	@Test
	void showsValuesToWhomeverIsAuthenticated() throws Exception {
		start("management.endpoint.taskqueues.show-values=when-authorized");
		secret();
		String path = "/" + this.queue + "/tasks/a";
		assertThat(payload(get(path))).isEqualTo("******");
		assertThat(payload(get(path, "User", "ann"))).isEqualTo("\"secret\"");
		assertThat(
				json(get("/" + this.queue + "/tasks", "User", "ann")).path("tasks").path(0).path("payload").asString())
			.isEqualTo("\"secret\"");
	}

	@Test
	void showsValuesToWhomeverHasARole() throws Exception {
		start("management.endpoint.taskqueues.show-values=when-authorized",
				"management.endpoint.taskqueues.roles=operator");
		secret();
		String path = "/" + this.queue + "/tasks/a";
		assertThat(payload(get(path))).isEqualTo("******");
		assertThat(payload(get(path, "User", "ann"))).isEqualTo("******");
		assertThat(payload(get(path, "User", "ann", "Role", "visitor"))).isEqualTo("******");
		assertThat(payload(get(path, "User", "ann", "Role", "operator"))).isEqualTo("\"secret\"");
	}

	@Test
	void whatIsNotThereIsNotFound() throws Exception {
		start("management.endpoint.taskqueues.access=unrestricted");
		secret();
		for (String path : new String[] { "/nowhere", "/nowhere/tasks", "/nowhere/tasks/a",
				"/" + this.queue + "/tasks/none", "/" + this.queue + "/else", "/" + this.queue + "/else/a" }) {
			assertThat(get(path).statusCode()).as(path).isEqualTo(404);
		}
		for (String path : new String[] { "/nowhere/tasks/a", "/" + this.queue + "/tasks/none" }) {
			for (String action : new String[] { "run", "archive", "cancel" }) {
				assertThat(post(path, action).statusCode()).as(path + " " + action).isEqualTo(404);
			}
			assertThat(delete(path).statusCode()).as(path).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					state=bogus       | state must be one of pending, scheduled, active, retry, archived, completed, aggregating: bogus
					state=aggregating | tasks in state aggregating are in groups, which are not listed here
					page=0            | page must be at least 1: 0
					page=x            | page must be of type Integer: x
					size=0            | size must be from 1 to 200: 0
					size=201          | size must be from 1 to 200: 201
					""")
	void whatCannotBeReadIsExplained(String query, String message) throws Exception {
		start("spring.web.error.include-message=always");
		secret();
		assertRefused(get("/" + this.queue + "/tasks?" + query), message);
	}

	@Test
	void whatCannotBeDoneIsExplained() throws Exception {
		start("spring.web.error.include-message=always", "management.endpoint.taskqueues.access=unrestricted");
		secret();
		String path = "/" + this.queue;
		assertRefused(post(path, "explode"), "action must be one of pause, resume: explode");
		assertRefused(post(path + "/tasks/a", "explode"), "action must be one of run, archive, cancel: explode");
		assertRefused(
				send(request(path).POST(BodyPublishers.ofString("{}")).header("Content-Type", "application/json")),
				"Missing parameters: action");
		assertRefused(post(path + "/else/a", "run"), "expected 'tasks' in place of 'else'");
		assertRefused(delete(path + "/else/a"), "expected 'tasks' in place of 'else'");
		HttpResponse<String> resumed = post(path, "resume");
		assertThat(resumed.statusCode()).isEqualTo(400);
		assertThat(json(resumed).path("message").asString()).contains(this.queue, "not paused");
	}

	@Test
	void isReadOnlyByDefault() throws Exception {
		start();
		secret();
		String path = "/" + this.queue;
		Stream.of(post(path, "pause"), post(path + "/tasks/a", "archive"), delete(path + "/tasks/a"))
			.forEach((response) -> assertThat(response.statusCode()).isEqualTo(405));
		TaskInspector inspector = this.context.getBean(TaskInspector.class);
		assertThat(inspector.queue(this.queue).paused()).isFalse();
		assertThat(inspector.find(this.queue, "a").orElseThrow().state()).isEqualTo(TaskState.PENDING);
	}

	@Test
	void changesQueuesAndTasksWhereAllowed() throws Exception {
		start("management.endpoint.taskqueues.access=unrestricted");
		secret();
		TaskInspector inspector = this.context.getBean(TaskInspector.class);
		String path = "/" + this.queue;
		assertThat(post(path, "pause").statusCode()).isEqualTo(204);
		assertThat(inspector.queue(this.queue).paused()).isTrue();
		assertThat(post(path, "resume").statusCode()).isEqualTo(204);
		assertThat(inspector.queue(this.queue).paused()).isFalse();
		assertThat(post(path + "/tasks/a", "archive").statusCode()).isEqualTo(204);
		assertThat(inspector.find(this.queue, "a").orElseThrow().state()).isEqualTo(TaskState.ARCHIVED);
		assertThat(post(path + "/tasks/a", "run").statusCode()).isEqualTo(204);
		assertThat(inspector.find(this.queue, "a").orElseThrow().state()).isEqualTo(TaskState.PENDING);
		assertThat(delete(path + "/tasks/a").statusCode()).isEqualTo(204);
		assertThat(inspector.find(this.queue, "a")).isEmpty();
	}

	@Test
	void whatRedisDoesNotDoIsNoMistakeOfTheCaller() throws Exception {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start();
				Jedis jedis = new Jedis(server.host(), server.port())) {
			start("management.endpoint.taskqueues.access=unrestricted", "spring.data.redis.port=" + server.port());
			jedis.aclSetUser("default", "-@scripting", "-@write");
			assertThat(post("/" + this.queue, "pause").statusCode()).isEqualTo(500);
			server.kill();
			assertThat(post("/" + this.queue, "pause").statusCode()).isEqualTo(500);
			assertThat(delete("/" + this.queue + "/tasks/a").statusCode()).isEqualTo(500);
			assertThat(get("/" + this.queue).statusCode()).isEqualTo(500);
		}
	}

	private void start(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.properties("server.port=0", "spring.data.redis.host=" + RedisContexts.SERVER.host(),
					"spring.data.redis.port=" + RedisContexts.SERVER.port(), "spring.main.banner-mode=off",
					"task-queue.default-queue=" + this.queue, "task-queue.worker.enabled=false",
					"task-queue.scheduler.enabled=false", "management.endpoints.web.exposure.include=taskqueues")
			.properties(properties)
			.run();
	}

	/** Enqueues a task that holds secrets. */
	private void secret() {
		this.context.getBean(TaskTemplate.class)
			.enqueue(TaskRequest.of("t", "secret").with((options) -> options.withId("a").withHeader("token", "abc")));
	}

	private HttpResponse<String> get(String path, String... headers) throws Exception {
		HttpRequest.Builder request = request(path);
		return send((headers.length > 0) ? request.headers(headers) : request);
	}

	private HttpResponse<String> post(String path, String action) throws Exception {
		return send(request(path).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"action\": \"%s\"}".formatted(action))));
	}

	private HttpResponse<String> delete(String path) throws Exception {
		return send(request(path).DELETE());
	}

	private HttpRequest.Builder request(String path) {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/taskqueues" + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private static void assertRefused(HttpResponse<String> response, String message) {
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(json(response).path("message").asString()).isEqualTo(message);
	}

	private static String payload(HttpResponse<String> response) {
		return json(response).path("payload").asString();
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		/** Believes whatever the client says about itself. */
		@Bean
		Filter authentication() {
			return (request, response, chain) -> chain.doFilter(new Authenticated((HttpServletRequest) request),
					response);
		}

	}

	private static final class Authenticated extends HttpServletRequestWrapper {

		Authenticated(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable Principal getUserPrincipal() {
			String user = getHeader("User");
			return (user != null) ? () -> user : null;
		}

		@Override
		public boolean isUserInRole(String role) {
			return role.equals(getHeader("Role"));
		}

	}

}
