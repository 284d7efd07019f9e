package io.taskqueue.handler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.annotation.TaskHandler;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.core.annotation.AliasFor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.PropertyPlaceholderHelper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnnotatedHandlersTest {

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
	void findsAllMethodsOfABean() {
		assertThat(this.handlers.parse(new DerivedTasks())).extracting(Handler::pattern)
			.containsExactlyInAnyOrder("base", "overridden", "derived");
		assertThat(this.handlers.parse(new Object())).isEmpty();
		assertThat(AnnotatedHandlers.isCandidate(DerivedTasks.class)).isTrue();
		assertThat(AnnotatedHandlers.isCandidate(String.class)).isFalse();
	}

	@Test
	void passesReturnValuesOn() throws Exception {
		assertThat(result(new Object() {
			@TaskHandler("x")
			String run() {
				return "done";
			}
		})).isEqualTo("done");
		assertThat(result(new Object() {
			@TaskHandler("x")
			void run() {
			}
		})).isNull();
	}

	@Test
	void throwsWhatTheMethodThrows() {
		IOException checked = new IOException("checked");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> result(new Object() {
			@TaskHandler("x")
			void run() throws IOException {
				throw checked;
			}
		})).isSameAs(checked);
		UncheckedIOException unchecked = new UncheckedIOException(checked);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> result(new Object() {
			@TaskHandler("x")
			void run() {
				throw unchecked;
			}
		})).isSameAs(unchecked);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> result(new Object() {
			@TaskHandler("x")
			void run() {
				throw new AssertionError("error");
			}
		})).withMessage("error");
	}

	@Test
	void callsPrivateMethodsOfPlainBeans() throws Exception {
		assertThat(result(new Object() {
			@TaskHandler("x")
			private String run() {
				return "private";
			}
		})).isEqualTo("private");
	}

	@Test
	void makesHandlersOfMethodsThatSomethingElseNames() throws Exception {
		PlainTasks bean = new PlainTasks();
		Handler handler = this.handlers.parse(bean, PlainTasks.class.getDeclaredMethod("run", String.class), "plain",
				Handler.Policy.STANDARD);
		assertThat(handler.source()).isEqualTo(PlainTasks.class.getName() + "#run");
		assertThat(handler.function().handle(FakeTask.of("bob"))).isEqualTo("hello bob");
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

	@Test
	void refusesMethodsThatCannotBeCalled() throws Exception {
		assertInvalid(new StaticTasks(), "the method is static", "Make it an instance method");
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> this.handlers.parse(new Object(), PlainTasks.class.getDeclaredMethod("run", String.class),
					"x", Handler.Policy.STANDARD))
			.withMessageContaining("the bean's class does not have the method");
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(
				() -> this.handlers.parse(new Object(), Runnable.class.getMethod("run"), "x", Handler.Policy.STANDARD))
			.withMessageContaining("the method is abstract");
	}

	@Test
	void refusesMethodsThatReturnBeforeTheirWorkIsDone() {
		assertInvalid(new Object() {
			@TaskHandler("x")
			CompletableFuture<String> run() {
				return new CompletableFuture<>();
			}
		}, "the method returns java.util.concurrent.CompletableFuture, so the task would count as done before it is",
				"Wait for the end in the method and return the value itself");
		assertRefused(new Object() {
			@TaskHandler("x")
			Mono<String> run() {
				return Mono.empty();
			}
		}, "the method returns reactor.core.publisher.Mono");
		assertRefused(new Object() {
			@TaskHandler("x")
			@Async
			void run() {
			}
		}, "the method is @Async");
		assertRefused(new AsyncTasks(), "the method is @Async");
	}

	@Test
	void messagesNameTheMethod() {
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> this.handlers.parse(new StaticTasks()))
			.withMessage("Task handler " + StaticTasks.class.getName()
					+ "#run: the method is static. Make it an instance method.")
			.satisfies((ex) -> assertThat(ex.source()).isEqualTo(StaticTasks.class.getName() + "#run"));
	}

	private Handler only(Object bean) {
		List<Handler> found = this.handlers.parse(bean);
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	private Object result(Object bean) throws Exception {
		return only(bean).function().handle(FakeTask.of(""));
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

	static class PlainTasks {

		String run(String name) {
			return "hello " + name;
		}

	}

	static class StaticTasks {

		@TaskHandler("x")
		static void run() {
		}

	}

	@Async
	static class AsyncTasks {

		@TaskHandler("x")
		void run() {
		}

	}

	static class BaseTasks {

		@TaskHandler("base")
		void base() {
		}

		@TaskHandler("overridden")
		void overridden() {
		}

		void unmarked() {
		}

	}

	static class DerivedTasks extends BaseTasks {

		@Override
		void overridden() {
		}

		@TaskHandler("derived")
		void derived() {
		}

	}

}
