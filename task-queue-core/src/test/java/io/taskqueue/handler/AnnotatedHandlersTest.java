package io.taskqueue.handler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.taskqueue.annotation.TaskHandler;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.scheduling.annotation.Async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnnotatedHandlersTest {

	private final AnnotatedHandlers handlers = new AnnotatedHandlers(new JacksonPayloadCodec(), (text) -> text);

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
