package io.taskqueue.sample;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole application over HTTP, on an embedded Redis.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "task-queue.handlers[email.send].backoff=50ms")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class SampleApplicationTest {

	private static final ParameterizedTypeReference<Map<String, Object>> JSON = new ParameterizedTypeReference<>() {
	};

	@LocalServerPort
	private int port;

	private RestTestClient http;

	@BeforeEach
	void connect() {
		this.http = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	@Test
	void remindsPeriodically(CapturedOutput output) {
		this.http.post()
			.uri("/reminders")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"to\":\"ann\",\"text\":\"tea\",\"expr\":\"@every 1s\"}")
			.exchange()
			.expectStatus()
			.isCreated();
		await().untilAsserted(() -> assertThat(output).contains("Reminder for ann: tea"));
		String schedules = this.http.get().uri("/schedules").exchange().returnResult(String.class).getResponseBody();
		assertThat(schedules).contains("report.daily", "heartbeat", "reminder.");
		this.http.post()
			.uri("/reminders")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"to\":\"ann\",\"text\":\"tea\",\"expr\":\"61 * * * *\"}")
			.exchange()
			.expectStatus()
			.isBadRequest();
	}

	@Test
	void threeWrongPasswordsLockAUser() {
		login("bob", "secret").expectStatus().isOk();
		for (int wrong = 1; wrong <= 3; wrong++) {
			login("bob", "guess").expectStatus().isUnauthorized();
			int count = wrong;
			await().untilAsserted(() -> assertThat(get("/users/bob")).containsEntry("failedLogins", count)
				.containsEntry("locked", count == 3));
		}
		login("bob", "secret").expectStatus().isUnauthorized();
	}

	@Test
	void unknownUsersAreRefusedLikeWrongPasswords() {
		login("eve", "guess").expectStatus().isUnauthorized();
		await().untilAsserted(() -> assertThat(get("/users/eve")).containsEntry("failedLogins", 1));
	}

	@Test
	void anUnpaidOrderExpiresInTime() {
		String order = place(1);
		assertThat(get(order)).containsEntry("state", "OPEN");
		await().atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(get(order)).containsEntry("state", "EXPIRED"));
		this.http.post().uri(order + "/pay").exchange().expectStatus().isEqualTo(HttpStatus.CONFLICT);
	}

	@Test
	void aPaidOrderStaysPaid(CapturedOutput output) {
		String order = place(1);
		this.http.post().uri(order + "/pay").exchange().expectStatus().isOk();
		await().until(() -> output.toString().contains("Time to pay is over"));
		assertThat(get(order)).containsEntry("state", "PAID");
	}

	@Test
	void anEmailIsSentAtTheThirdAttempt() {
		String email = email(2);
		await().untilAsserted(() -> assertThat(get(email)).containsEntry("state", "SENT")
			.containsEntry("attempts", 3)
			.containsEntry("lastError", "The mail server is busy (attempt 2)"));
	}

	@Test
	void anEmailThatFailsTooOftenIsGivenUp() {
		String email = email(10);
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(get(email)).containsEntry("state", "FAILED").containsEntry("attempts", 6));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					/login  | {"password":"x"}                                    | username must not be blank
					/login  | {"username":"bob"}                                  | password must not be empty
					/login  | nonsense                                            | The body is not the JSON that this address expects
					/orders | {"payWithinSeconds":5}                              | item must not be blank
					/orders | {"item":"tea"}                                      | payWithinSeconds must lie between 1 and 86400
					/orders | {"item":"tea","payWithinSeconds":-1}                | payWithinSeconds must lie between 1 and 86400
					/emails | {"to":"nobody","subject":"Hello"}                   | to must be an email address
					/emails | {"to":"ann@example.com"}                            | subject must not be blank
					/emails | {"to":"ann@example.com","subject":"s","failures":99} | failures must lie between 0 and 10
					""")
	void badInputIsExplained(String uri, String body, String detail) {
		this.http.post()
			.uri(uri)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo(detail);
	}

	private RestTestClient.ResponseSpec login(String username, String password) {
		return post("/login", Map.of("username", username, "password", password));
	}

	private String place(int payWithinSeconds) {
		URI location = post("/orders", Map.of("item", "tea", "payWithinSeconds", payWithinSeconds)).expectStatus()
			.isCreated()
			.returnResult(JSON)
			.getResponseHeaders()
			.getLocation();
		assertThat(location).isNotNull();
		return location.toString();
	}

	private String email(int failures) {
		Map<String, Object> accepted = post("/emails",
				Map.of("to", "ann@example.com", "subject", "Hello", "failures", failures))
			.expectStatus()
			.isAccepted()
			.returnResult(JSON)
			.getResponseBody();
		return "/emails/" + accepted.get("taskId");
	}

	private RestTestClient.ResponseSpec post(String uri, Map<String, ?> body) {
		return this.http.post().uri(uri).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	private Map<String, Object> get(String uri) {
		return this.http.get().uri(uri).exchange().expectStatus().isOk().returnResult(JSON).getResponseBody();
	}

}
