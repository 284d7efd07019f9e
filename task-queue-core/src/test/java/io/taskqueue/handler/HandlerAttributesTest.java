package io.taskqueue.handler;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.annotation.TaskHandler;
import org.junit.jupiter.api.Test;

import org.springframework.core.annotation.AliasFor;
import org.springframework.util.PropertyPlaceholderHelper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HandlerAttributesTest {

	private static final Map<String, String> PROPERTIES = Map.of("jobs.queue", "low", "jobs.retry", "7", "jobs.timeout",
			"10s", "jobs.type", "report");

	private final AnnotatedHandlers handlers = new AnnotatedHandlers(new JacksonPayloadCodec(),
			(text) -> new PropertyPlaceholderHelper("${", "}", ":", null, false).replacePlaceholders(text,
					PROPERTIES::get));

	@Test
	void leavesUnsetWhatIsNotGiven() {
		Handler handler = only(new Object() {
			@TaskHandler("plain")
			void run() {
			}
		});
		assertThat(handler.pattern()).isEqualTo("plain");
		assertThat(handler.policy()).isEqualTo(Handler.Policy.STANDARD);
	}

	@Test
	void readsAllAttributes() {
		Handler handler = only(new FullTasks());
		assertThat(handler.pattern()).isEqualTo("report:monthly");
		assertThat(handler.source()).isEqualTo(FullTasks.class.getName() + "#run");
		Handler.Policy policy = handler.policy();
		assertThat(policy.defaults()).isEqualTo(TaskOptions.unset()
			.withQueue("reports")
			.withRetry(0)
			.withTimeout(Duration.ofMinutes(90))
			.withRetention(Duration.ofDays(1)));
		assertThat(policy.noRetryFor()).containsExactly(IOException.class, IllegalArgumentException.class);
		assertThat(policy.concurrency()).isEqualTo(4);
		assertThat(delay(policy.retryDelay())).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void resolvesPlaceholders() {
		Handler handler = only(new Object() {
			@TaskHandler(value = "${jobs.type}:daily", queue = "${jobs.queue}", retry = "${jobs.retry}",
					timeout = " ${jobs.timeout} ")
			void run() {
			}
		});
		assertThat(handler.pattern()).isEqualTo("report:daily");
		assertThat(handler.policy().defaults())
			.isEqualTo(TaskOptions.unset().withQueue("low").withRetry(7).withTimeout(Duration.ofSeconds(10)));
	}

	@Test
	void readsMetaAnnotations() {
		Handler handler = only(new Object() {
			@Nightly(type = "cleanup", attempts = "3")
			@SuppressWarnings("unused")
			void run() {
			}
		});
		assertThat(handler.pattern()).isEqualTo("cleanup");
		assertThat(handler.policy().defaults()).isEqualTo(TaskOptions.unset().withQueue("night").withRetry(3));
	}

	@Test
	void refusesBadTypes() {
		assertInvalid(new Object() {
			@TaskHandler(" ")
			void run() {
			}
		}, "the task type is blank", "Name it, as in @TaskHandler(\"email:send\")");
		assertInvalid(new Object() {
			@TaskHandler("email:{id}")
			void run() {
			}
		}, "the task type \"email:{id}\" begins or ends with white space, or holds braces or control characters",
				"Use letters, digits and :./_- as in @TaskHandler(\"email:send\")");
		assertRefused(new Object() {
			@TaskHandler("email\n")
			void run() {
			}
		}, "control characters");
		assertRefused(new Object() {
			@TaskHandler("email\u0000send")
			void run() {
			}
		}, "control characters");
	}

	@Test
	void refusesBadAttributes() {
		assertInvalid(new Object() {
			@TaskHandler(value = "x", timeout = "10")
			void run() {
			}
		}, "timeout = \"10\" cannot be read: '10' is not a duration such as 500ms, 10s, 5m, 1h30m or PT10S",
				"Correct the attribute or the property behind it");
		assertRefused(new Object() {
			@TaskHandler(value = "x", retry = "-1")
			void run() {
			}
		}, "retry = \"-1\" cannot be read: '-1' is not a whole number from 0 to 999999999");
		assertRefused(new Object() {
			@TaskHandler(value = "x", retention = "-1d")
			void run() {
			}
		}, "retention = \"-1d\" cannot be read: '-1d' is not a duration");
		assertRefused(new Object() {
			@TaskHandler(value = "x", concurrency = "many")
			void run() {
			}
		}, "concurrency = \"many\" cannot be read: 'many' is not a whole number");
		assertRefused(new Object() {
			@TaskHandler(value = "x", backoff = "soon")
			void run() {
			}
		}, "backoff = \"soon\" cannot be read: 'soon' is not a back-off");
		assertRefused(new Object() {
			@TaskHandler(value = "x", timeout = "${jobs.queue}")
			void run() {
			}
		}, "timeout = \"${jobs.queue}\" cannot be read: 'low' is not a duration");
		assertRefused(new Object() {
			@TaskHandler(value = "x", queue = "${unknown}")
			void run() {
			}
		}, "queue = \"${unknown}\" cannot be read: Could not resolve placeholder");
	}

	private Handler only(Object bean) {
		List<Handler> found = this.handlers.parse(bean);
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	private void assertInvalid(Object bean, String problem, String fix) {
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> this.handlers.parse(bean))
			.satisfies((ex) -> {
				assertThat(ex.problem()).isEqualTo(problem);
				assertThat(ex.fix()).isEqualTo(fix);
			});
	}

	private void assertRefused(Object bean, String problem) {
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> this.handlers.parse(bean))
			.withMessageContaining(problem);
	}

	private static Duration delay(RetryDelay delay) {
		return delay.after(0, new IllegalStateException("boom"), FakeTask.of(""));
	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@TaskHandler(queue = "night")
	@interface Nightly {

		@AliasFor(annotation = TaskHandler.class)
		String type();

		@AliasFor(annotation = TaskHandler.class, attribute = "retry")
		String attempts() default "";

	}

	static class FullTasks {

		@TaskHandler(type = "report:monthly", queue = "reports", retry = "0", timeout = "1h30m", retention = "1d",
				backoff = "3s", concurrency = "4", noRetryFor = { IOException.class, IllegalArgumentException.class })
		void run(TaskContext task) {
		}

	}

}
