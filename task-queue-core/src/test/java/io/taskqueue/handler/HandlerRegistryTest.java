package io.taskqueue.handler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HandlerRegistryTest {

	private final HandlerRegistry registry = new HandlerRegistry();

	@Test
	void exactTypeWins() {
		register("email", "email:send", "email:send:1");
		assertThat(found("email:send")).isEqualTo("email:send");
	}

	@Test
	void longestPrefixWins() {
		register("email", "email:send", "email:receive");
		assertThat(found("email:send:1")).isEqualTo("email:send");
		assertThat(found("email:send:1:2.3/4")).isEqualTo("email:send");
		assertThat(found("email:drop:1")).isEqualTo("email");
	}

	@Test
	void prefixMayEndWithTheBoundary() {
		register("email:", "email", "/jobs/");
		assertThat(found("email:send")).isEqualTo("email:");
		assertThat(found("email:")).isEqualTo("email:");
		assertThat(found("email.send")).isEqualTo("email");
		assertThat(found("email")).isEqualTo("email");
		assertThat(found("/jobs/1")).isEqualTo("/jobs/");
		assertThat(found("/jobs")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "email:send", "email.send", "email/send", "email:", "email::x", "email./" })
	void prefixEndsAtBoundary(String type) {
		register("email");
		assertThat(found(type)).isEqualTo("email");
	}

	@ParameterizedTest
	@ValueSource(strings = { "emailx", "emailx:send", "email-send", "email_send", "email send", "Email", "emai", "",
			":email", "e:email" })
	void otherTypesAreNotFound(String type) {
		register("email");
		assertThat(found(type)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "a:b.c/d:e, a:b.c/d", "a:b.c/x, a:b.c", "a:b.x, a:b", "a:x, a" })
	void boundariesMix(String type, String pattern) {
		register("a", "a:b", "a:b.c", "a:b.c/d");
		assertThat(found(type)).isEqualTo(pattern);
	}

	@Test
	void refusesASecondHandlerAndKeepsTheFirst() {
		this.registry.register(handler("email", "First#run"));
		assertThatExceptionOfType(DuplicateHandlerException.class)
			.isThrownBy(() -> this.registry.register(handler("email", "Second#run")))
			.withMessage("Two handlers for task type 'email': First#run and Second#run. "
					+ "Remove one, or give it another type.")
			.satisfies((ex) -> {
				assertThat(ex.type()).isEqualTo("email");
				assertThat(ex.first()).isEqualTo("First#run");
				assertThat(ex.second()).isEqualTo("Second#run");
			});
		assertThat(this.registry.all()).extracting(Handler::source).containsExactly("First#run");
	}

	private void register(String... patterns) {
		for (String pattern : patterns) {
			this.registry.register(handler(pattern, "Tasks#" + pattern));
		}
	}

	private String found(String type) {
		Handler handler = this.registry.find(type);
		return (handler != null) ? handler.pattern() : null;
	}

	private static Handler handler(String pattern, String source) {
		return new Handler(pattern, source, Handler.Policy.STANDARD, (task) -> null);
	}

}
