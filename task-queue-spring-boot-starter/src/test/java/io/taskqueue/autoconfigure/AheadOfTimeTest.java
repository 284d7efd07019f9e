package io.taskqueue.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.taskqueue.GroupedTask;
import io.taskqueue.Task;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskAggregator;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronTaskRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that were processed ahead of time, as for native images.
 */
@Timeout(120)
class AheadOfTimeTest {

	private static final TestPropertyValues PROPERTIES = TestPropertyValues.of("spring.data.redis.client-type=jedis",
			"spring.data.redis.host=" + RedisContexts.SERVER.host(),
			"spring.data.redis.port=" + RedisContexts.SERVER.port(), "task-queue.default-queue=aot");

	@Test
	@CompileWithForkedClassLoader
	void runsTasksInAContextGeneratedAheadOfTime() {
		run((context) -> {
			TaskTemplate template = context.getBean(TaskTemplate.class);
			Received received = context.getBean(Received.class);
			template.enqueue("order", new Order("tea", List.of(new Line(3))));
			assertThat(next(received)).isEqualTo(new Order("tea", List.of(new Line(3))));
			template.enqueue("bound", new Bound(Unit.BOX));
			assertThat(next(received)).isEqualTo(new Bound(Unit.BOX));
			await().until(() -> context.getBean(CronTaskRegistry.class).find("aot.report").isPresent());
		});
	}

	@Test
	void keepsWhatHandlersNeedByReflection() {
		RuntimeHints hints = hints();
		for (String method : List.of("order", "report", "merge", "byInterface")) {
			assertInvocable(hints, Handlers.class, method);
		}
		assertInvocable(hints, Base.class, "bound");
		assertInvocable(hints, Job.class, "byInterface");
		for (Class<?> payload : List.of(Order.class, Line.class, Bound.class, Unit.class, Mail.class, Digest.class,
				Wished.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(payload)).as(payload.getName()).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(Order.class)
			.withMemberCategories(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Unrelated.class)).rejects(hints);
	}

	@Test
	void keepsScriptsDriversStoredCronTasksAndProperties() throws ClassNotFoundException {
		RuntimeHints hints = hints();
		for (String script : List.of("enqueue.lua", "fetch.lua", "include/check.lua")) {
			assertThat(RuntimeHintsPredicates.resource().forResource("io/taskqueue/redis/" + script)).accepts(hints);
		}
		for (String type : List.of("redis.clients.jedis.UnifiedJedis", "io.lettuce.core.RedisClient",
				"io.taskqueue.cron.StoredTask", "io.taskqueue.cron.StoredTask$Past")) {
			assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName(type))).as(type).accepts(hints);
		}
		for (Class<?> properties : List.of(TaskQueueProperties.class, WorkerProperties.class, BackoffProperties.class,
				HandlerProperties.class, CronTaskProperties.class, AggregatorProperties.class)) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onConstructorInvocation(properties.getDeclaredConstructors()[0])).as(properties.getName())
				.accepts(hints);
		}
	}

	private static void assertInvocable(RuntimeHints hints, Class<?> type, String method) {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(type, method))
			.as("%s.%s", type.getSimpleName(), method)
			.accepts(hints);
	}

	private static Object next(Received received) {
		try {
			return received.next();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What a build does: refreshes for processing only, and generates. */
	private static ClassName process(TestGenerationContext generation) {
		AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
		PROPERTIES.applyTo(source);
		source.register(Received.class, Handlers.class, DataRedisAutoConfiguration.class,
				TaskQueueAutoConfiguration.class);
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
		generation.writeGeneratedContent();
		return initializer;
	}

	private static RuntimeHints hints() {
		TestGenerationContext generation = new TestGenerationContext(AheadOfTimeTest.class);
		process(generation);
		return generation.getRuntimeHints();
	}

	private static void run(Consumer<GenericApplicationContext> test) {
		TestGenerationContext generation = new TestGenerationContext(AheadOfTimeTest.class);
		ClassName initializer = process(generation);
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				PROPERTIES.applyTo(context);
				instance(compiled.getInstance(ApplicationContextInitializer.class, initializer.reflectionName()))
					.initialize(context);
				context.refresh();
				test.accept(context);
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> instance(
			ApplicationContextInitializer<?> initializer) {
		return (ApplicationContextInitializer<GenericApplicationContext>) initializer;
	}

	enum Unit {

		PIECE, BOX

	}

	record Line(int count) {
	}

	record Order(String item, List<Line> lines) {
	}

	record Bound(Unit unit) {
	}

	record Mail(String text) {
	}

	record Digest(List<String> texts) {
	}

	record Wished(String wish) {
	}

	record Unrelated(String text) {
	}

	interface Job {

		@TaskHandler("by.interface")
		void byInterface(Map<String, Wished> wishes);

	}

	abstract static class Base<T> {

		abstract Received received();

		@TaskHandler("bound")
		void bound(T payload) {
			received().add(payload);
		}

	}

	static class Handlers extends Base<Bound> implements Job {

		private final Received received;

		Handlers(Received received) {
			this.received = received;
		}

		@Override
		Received received() {
			return this.received;
		}

		@TaskHandler("order")
		void order(Task<Order> order) {
			this.received.add(order.payload());
		}

		@CronTask(expr = "0 0 1 1 1 *", uuid = "aot.report")
		void report() {
		}

		@TaskAggregator(group = "mail:*", type = "digest")
		Digest merge(List<GroupedTask<Mail>> mails) {
			return new Digest(mails.stream().map((mail) -> mail.payload().text()).toList());
		}

		@Override
		public void byInterface(Map<String, Wished> wishes) {
			this.received.add(wishes);
		}

		TaskRequest notAHandler(Unrelated unrelated) {
			return TaskRequest.of("any", unrelated);
		}

	}

}
