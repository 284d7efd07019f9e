package io.taskqueue.management;

import java.util.List;

import io.taskqueue.TaskRequest;
import io.taskqueue.TaskState;
import io.taskqueue.autoconfigure.RedisContexts;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.management.TaskQueueEndpoint.QueueAction;
import io.taskqueue.management.TaskQueueEndpoint.TaskAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.jmx.JmxEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the endpoint shows and changes, and to whom.
 */
@Timeout(60)
class TaskQueueEndpointTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withConfiguration(
				AutoConfigurations.of(EndpointAutoConfiguration.class, TaskQueueEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.jmx.exposure.include=taskqueues", "spring.jmx.enabled=true",
				"task-queue.worker.enabled=false", "task-queue.scheduler.enabled=false");

	@Test
	void showsQueuesAndTasks() {
		this.runner.run((context) -> {
			String queue = queue(context);
			TaskQueueEndpoint endpoint = context.getBean(TaskQueueEndpoint.class);
			context.getBean(TaskTemplate.class).once("t").uuid("a").payload("x").enqueue();
			assertThat(endpoint.overview().queues()).anySatisfy((info) -> assertThat(info.queue()).isEqualTo(queue));
			assertThat(endpoint.queue(queue).figures().pending()).isEqualTo(1);
			assertThat(endpoint.queue(queue).history()).hasSize(10);
			assertThat(endpoint.queue("nowhere")).isNull();
			assertThat(endpoint.tasks(queue, "tasks", null, null, null, SecurityContext.NONE).tasks())
				.extracting(TaskView::id)
				.containsExactly("a");
			assertThat(endpoint.tasks(queue, "tasks", TaskState.ARCHIVED, 1, 10, SecurityContext.NONE).total())
				.isZero();
			assertThat(endpoint.tasks(queue, "else", null, null, null, SecurityContext.NONE)).isNull();
			assertThat(endpoint.task(queue, "tasks", "none", SecurityContext.NONE)).isNull();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.tasks(queue, "tasks", null, 0, null, SecurityContext.NONE));
		});
	}

	@Test
	void masksValuesUnlessTheyAreToBeShown() {
		this.runner.run((context) -> {
			TaskView task = secret(context);
			assertThat(task.payload()).isEqualTo("******");
			assertThat(task.headers()).containsEntry("token", "******");
			assertThat(task.payloadBytes()).isEqualTo(8);
		});
		this.runner.withPropertyValues("management.endpoint.taskqueues.show-values=always").run((context) -> {
			TaskView task = secret(context);
			assertThat(task.payload()).isEqualTo("\"secret\"");
			assertThat(task.headers()).containsEntry("token", "abc");
		});
		this.runner.withPropertyValues("management.endpoint.taskqueues.show-values=when-authorized")
			.run((context) -> assertThat(secret(context).payload()).isEqualTo("******"));
		this.runner
			.withPropertyValues("management.endpoint.taskqueues.show-values=always",
					"management.endpoint.taskqueues.max-value-length=3")
			.run((context) -> assertThat(secret(context).payload()).isEqualTo("\"se…"));
	}

	@Test
	void changesQueuesAndTasks() {
		this.runner.run((context) -> {
			String queue = queue(context);
			TaskQueueEndpoint endpoint = context.getBean(TaskQueueEndpoint.class);
			TaskInspector inspector = context.getBean(TaskInspector.class);
			context.getBean(TaskTemplate.class).once("t").uuid("a").enqueue();
			endpoint.changeQueue(queue, QueueAction.PAUSE);
			assertThat(inspector.queue(queue).paused()).isTrue();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.changeQueue(queue, QueueAction.PAUSE));
			endpoint.changeQueue(queue, QueueAction.RESUME);
			endpoint.changeTask(queue, "tasks", "a", TaskAction.ARCHIVE);
			assertThat(inspector.find(queue, "a").orElseThrow().state()).isEqualTo(TaskState.ARCHIVED);
			endpoint.changeTask(queue, "tasks", "a", TaskAction.RUN);
			endpoint.changeTask(queue, "tasks", "a", TaskAction.CANCEL);
			endpoint.deleteTask(queue, "tasks", "a");
			assertThat(inspector.find(queue, "a")).isEmpty();
			assertThat(endpoint.deleteTask(queue, "tasks", "a")).isFalse();
			assertThat(endpoint.changeTask(queue, "tasks", "a", TaskAction.RUN)).isFalse();
		});
	}

	@Test
	void isReadOnlyUnlessAccessIsGranted() {
		ApplicationContextRunner jmx = this.runner
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class));
		jmx.run((context) -> assertThat(operations(context)).containsOnly("READ").hasSize(4));
		jmx.withPropertyValues("management.endpoint.taskqueues.access=UNRESTRICTED")
			.run((context) -> assertThat(operations(context)).contains("READ", "WRITE", "DELETE").hasSize(7));
		jmx.withPropertyValues("management.endpoint.taskqueues.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(TaskQueueEndpoint.class));
	}

	@Test
	void isOptional() {
		RedisContexts.runner()
			.withConfiguration(AutoConfigurations.of(TaskQueueEndpointAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(TaskTemplate.class));
	}

	private static List<String> operations(AssertableApplicationContext context) {
		return context.getBean(JmxEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.map((operation) -> operation.getType().name())
			.toList();
	}

	private static TaskView secret(AssertableApplicationContext context) {
		String id = context.getBean(TaskTemplate.class)
			.enqueue(TaskRequest.of("t", "secret").with((options) -> options.withHeader("token", "abc")))
			.id();
		return context.getBean(TaskQueueEndpoint.class).task(queue(context), "tasks", id, SecurityContext.NONE);
	}

	private static String queue(AssertableApplicationContext context) {
		return context.getEnvironment().getProperty("task-queue.default-queue");
	}

}
