package io.taskqueue.handler;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.taskqueue.PayloadException;
import io.taskqueue.Task;
import io.taskqueue.TaskContext;
import io.taskqueue.annotation.Header;
import io.taskqueue.annotation.Headers;
import io.taskqueue.annotation.TaskHandler;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

// Parameters are what is tested
@SuppressWarnings("unused")
class HandlerArgumentsTest {

	private static final String FOO = "{\"name\":\"a\"}";

	private final AnnotatedHandlers handlers = new AnnotatedHandlers(new JacksonPayloadCodec(), (text) -> text);

	@Test
	void givesThePayloadAsAnyType() throws Exception {
		assertThat(handled(FOO, new Object() {
			@TaskHandler("x")
			Object run(Foo foo) {
				return foo;
			}
		})).isEqualTo(new Foo("a"));
		assertThat(handled("[" + FOO + "]", new Object() {
			@TaskHandler("x")
			Object run(List<Foo> foos) {
				return foos.get(0).name();
			}
		})).isEqualTo("a");
		assertThat(handled("raw text", new Object() {
			@TaskHandler("x")
			Object run(String text) {
				return text;
			}
		})).isEqualTo("raw text");
		assertThat(handled("\0\1", new Object() {
			@TaskHandler("x")
			Object run(byte[] bytes) {
				return bytes;
			}
		})).isEqualTo(new byte[] { 0, 1 });
		assertThat(handled("42", new Object() {
			@TaskHandler("x")
			Object run(long number) {
				return number;
			}
		})).isEqualTo(42L);
		assertThat(handled("{\"a\":\"b\"}", new Object() {
			@TaskHandler("x")
			Object run(Map<String, String> payload) {
				return payload;
			}
		})).isEqualTo(Map.of("a", "b"));
	}

	@Test
	void givesEverythingInAnyOrder() throws Exception {
		FakeTask task = new FakeTask(FOO.getBytes(StandardCharsets.UTF_8), Map.of("trace", "1", "tenant", "t"));
		assertThat(handled(task, new Object() {
			@TaskHandler("x")
			Object run(@Header("trace") String trace, TaskContext context, @Headers Map<String, String> all, Foo foo,
					@Header("missing") String missing) {
				return Arrays.asList(trace, context, all, foo, missing);
			}
		})).asInstanceOf(InstanceOfAssertFactories.LIST).containsExactly("1", task, task.headers(), new Foo("a"), null);
	}

	@Test
	void givesTheTaskInPlaceOfThePayload() throws Exception {
		FakeTask task = FakeTask.of("[" + FOO + "]");
		assertThat(handled(task, new Object() {
			@TaskHandler("x")
			Object run(Task<List<Foo>> given) {
				assertThat(given.payload().get(0).name()).isEqualTo("a");
				return given.context();
			}
		})).isSameAs(task);
		assertThat(handled("[1]", new Object() {
			@TaskHandler("x")
			Object run(Task<?> given) {
				return given.payload();
			}
		})).isEqualTo(List.of(1));
		assertThat(handled(FOO, new Object() {
			@TaskHandler("x")
			Object run(Task<? extends Foo> given) {
				return given.payload();
			}
		})).isEqualTo(new Foo("a"));
		assertThat(handled("[1]", new Object() {
			@TaskHandler("x")
			@SuppressWarnings("rawtypes")
			Object run(Task given) {
				return given.payload();
			}
		})).isEqualTo(List.of(1));
	}

	@Test
	void bindsTypeVariablesOfSuperclasses() throws Exception {
		assertThat(handled(FOO, new FooTasks())).isEqualTo(new Foo("a"));
		assertThat(handled("[" + FOO + "]", new FooListTasks())).isEqualTo(List.of(new Foo("a")));
		assertThat(handled(FOO, new FooTaskTasks())).isEqualTo(new Foo("a"));
	}

	@Test
	void noPayloadIsNull() throws Exception {
		assertThat(handled("", new Object() {
			@TaskHandler("x")
			Object run(Foo foo, TaskContext task) {
				return foo;
			}
		})).isNull();
		assertThat(handled("", new Object() {
			@TaskHandler("x")
			Object run(Task<Foo> task) {
				return task.payload();
			}
		})).isNull();
	}

	@Test
	void noPayloadCannotBeAPrimitive() {
		Object bean = new Object() {
			@TaskHandler("x")
			void run(int number) {
			}
		};
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> handled("", bean))
			.withMessage("Task id-1 of type 'order:paid' in queue 'low' (attempt 3) has no payload, but handler "
					+ bean.getClass().getName()
					+ "#run takes int. Enqueue it with one, or declare a type that can be null");
	}

	@Test
	void namesTaskAndHandlerOfAPayloadThatDoesNotFit() {
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> handled("[]", new FooTasks()))
			.withMessageStartingWith("Task id-1 of type 'order:paid' in queue 'low' (attempt 3) does not fit handler "
					+ FooTasks.class.getName() + "#run: payload is not JSON for " + Foo.class.getName());
	}

	@Test
	void refusesTwoPayloads() {
		assertInvalid(new Object() {
			@TaskHandler("x")
			void run(Foo foo, TaskContext task, int number) {
			}
		}, "parameter 2 (int) is a second payload beside parameter 0",
				"A handler takes one payload, bare or in Task<T>: put all values into one record, "
						+ "or annotate headers with @Header or @Headers");
		assertRefused(new Object() {
			@TaskHandler("x")
			void run(Task<Foo> task, Foo foo) {
			}
		}, "parameter 1 (" + Foo.class.getName() + ") is a second payload beside parameter 0");
	}

	@Test
	void refusesHeadersOfOtherTypes() {
		assertInvalid(new Object() {
			@TaskHandler("x")
			void run(@Header("retries") int retries) {
			}
		}, "parameter 0 (int) is annotated with @Header", "Declare it as String");
		assertInvalid(new Object() {
			@TaskHandler("x")
			void run(@Header(" ") String header) {
			}
		}, "parameter 0 (java.lang.String) is annotated with @Header(\"\")", "Give the header's name");
		assertInvalid(new Object() {
			@TaskHandler("x")
			void run(@Headers Map<String, Integer> headers) {
			}
		}, "parameter 0 (java.util.Map<java.lang.String, java.lang.Integer>) is annotated with @Headers",
				"Declare it as Map<String, String>");
		assertRefused(new Object() {
			@TaskHandler("x")
			void run(@Headers List<String> headers) {
			}
		}, "is annotated with @Headers");
	}

	@Test
	void refusesUnboundTypeVariables() {
		assertInvalid(new GenericTasks<Foo>(),
				"parameter 0 (T) is a type variable that " + GenericTasks.class.getName() + " does not bind",
				"Declare a concrete type, or extend the generic class with one");
	}

	private Object handled(String payload, Object bean) throws Exception {
		return handled(FakeTask.of(payload), bean);
	}

	private Object handled(TaskContext task, Object bean) throws Exception {
		List<Handler> found = this.handlers.parse(bean);
		assertThat(found).hasSize(1);
		return found.get(0).function().handle(task);
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

	record Foo(String name) {
	}

	static class GenericTasks<T> {

		@TaskHandler("x")
		Object run(T payload) {
			return payload;
		}

	}

	static class FooTasks extends GenericTasks<Foo> {

	}

	static class FooListTasks extends GenericTasks<List<Foo>> {

	}

	abstract static class GenericTaskTasks<T> {

		@TaskHandler("x")
		Object run(Task<T> task) {
			return task.payload();
		}

	}

	static class FooTaskTasks extends GenericTaskTasks<Foo> {

	}

}
