package io.taskqueue.autoconfigure;

import java.util.concurrent.Executor;

import io.taskqueue.TaskContext;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * On which threads handlers run, and in which context.
 */
@Timeout(60)
class ExecutorsTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withBean(Received.class)
		.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class));

	@Test
	void theApplicationsOwnExecutorIsNotTaken() {
		this.runner.withBean(Handlers.class).run((context) -> {
			assertThat(context).hasBean("applicationTaskExecutor");
			enqueue(context, "any");
			assertThat(received(context)).startsWith("any on task-").doesNotContain("applicationTaskExecutor");
		});
	}

	@Test
	void theMarkedExecutorRunsAllHandlersAndLeavesTheApplicationItsOwn() {
		this.runner.withBean(Handlers.class).withUserConfiguration(MarkedExecutor.class).run((context) -> {
			assertThat(context).hasBean("applicationTaskExecutor");
			enqueue(context, "any");
			assertThat(received(context)).startsWith("any on marked-");
		});
	}

	@Test
	void theExecutorWithTheNameNeedsNoMark() {
		this.runner.withBean(Handlers.class).withUserConfiguration(NamedExecutor.class).run((context) -> {
			enqueue(context, "any");
			assertThat(received(context)).startsWith("any on named-");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void aHandlerRunsOnItsExecutorOfVirtualThreads() {
		this.runner.withBean(Handlers.class)
			.withBean("reports", Executor.class, ExecutorsTest::virtualThreads)
			.withPropertyValues("task-queue.handlers.thread.executor=reports", "spring.threads.virtual.enabled=false")
			.run((context) -> {
				enqueue(context, "thread");
				assertThat(received(context)).startsWith("VirtualThread[").contains("reports-");
			});
	}

	@Test
	void aHandlerRunsOnItsExecutor() {
		this.runner.withBean(ReportHandlers.class)
			.withBean(Handlers.class)
			.withUserConfiguration(ReportExecutor.class)
			.run((context) -> {
				enqueue(context, "report");
				assertThat(received(context)).startsWith("report on reports-");
				enqueue(context, "any");
				assertThat(received(context)).startsWith("any on task-");
			});
	}

	@Test
	void aPropertyGivesAHandlerItsExecutor() {
		this.runner.withBean(Handlers.class)
			.withUserConfiguration(ReportExecutor.class)
			.withPropertyValues("task-queue.handlers.any.executor=reports")
			.run((context) -> {
				enqueue(context, "any");
				assertThat(received(context)).startsWith("any on reports-");
			});
	}

	@Test
	void whatAnExecutorRejectsIsRunLaterWithoutHavingUsedAnAttempt() {
		this.runner.withBean(Handlers.class)
			.withUserConfiguration(RejectingOnce.class)
			.withPropertyValues("task-queue.handlers.any.executor=rejecting")
			.run((context) -> {
				enqueue(context, "any");
				assertThat(received(context)).isEqualTo("rejected");
				assertThat(received(context)).startsWith("any on ").endsWith(", retried 0");
			});
	}

	@Test
	void anExecutorThatIsMissingStopsTheStart() {
		StartupFailure failure = StartupFailure
			.of(this.runner.withBean("reportTasks", ReportHandlers.class).withBean("other", NoExecutor.class));
		assertThat(failure.description()).contains(ReportHandlers.class.getName() + "#report", "bean 'reportTasks'",
				"executor = \"reports\"", "there is no bean 'reports'", "[applicationTaskExecutor]");
	}

	@Test
	void anExecutorOfAPropertyThatIsMissingStopsTheStart() {
		StartupFailure failure = StartupFailure.of(this.runner.withBean("tasks", Handlers.class)
			.withBean("reports", NoExecutor.class)
			.withPropertyValues("task-queue.handlers.any.executor=reports"));
		assertThat(failure.description()).contains(Handlers.class.getName() + "#any", "bean 'tasks'",
				"task-queue.handlers[any].executor", "the bean 'reports' is no Executor but a", "NoExecutor");
	}

	@Test
	void decoratorsWrapEveryRun() {
		this.runner.withBean(Handlers.class)
			.withBean(ReportHandlers.class)
			.withUserConfiguration(ReportExecutor.class, Decorators.class)
			.run((context) -> {
				for (String type : new String[] { "any", "report" }) {
					enqueue(context, type);
					assertThat(received(context)).isEqualTo("outer");
					assertThat(received(context)).isEqualTo("inner");
					assertThat(received(context)).startsWith(type + " on ");
				}
			});
	}

	@Test
	void nothingOfTheProducersThreadIsCarried() {
		this.runner.withBean(Handlers.class).withUserConfiguration(Decorators.class).run((context) -> {
			Decorators.USER.set("ann");
			try {
				enqueue(context, "user");
			}
			finally {
				Decorators.USER.remove();
			}
			assertThat(received(context)).isEqualTo("outer");
			assertThat(received(context)).isEqualTo("inner");
			assertThat(received(context)).isEqualTo("user null");
		});
	}

	private static void enqueue(AssertableApplicationContext context, String type) {
		context.getBean(TaskTemplate.class).enqueue(type);
	}

	private static Executor virtualThreads() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("reports-");
		executor.setVirtualThreads(true);
		return executor;
	}

	private static String received(AssertableApplicationContext context) throws InterruptedException {
		return (String) context.getBean(Received.class).next();
	}

	static class NoExecutor {

	}

	static class Handlers {

		private final Received received;

		Handlers(Received received) {
			this.received = received;
		}

		@TaskHandler("any")
		void any(TaskContext task) {
			this.received.add("any on " + Thread.currentThread().getName() + ", retried " + task.retried());
		}

		@TaskHandler("thread")
		void thread() {
			this.received.add(Thread.currentThread().toString());
		}

		@TaskHandler("user")
		void user() {
			this.received.add("user " + Decorators.USER.get());
		}

	}

	static class ReportHandlers {

		private final Received received;

		ReportHandlers(Received received) {
			this.received = received;
		}

		@TaskHandler(type = "report", executor = "reports")
		void report() {
			this.received.add("report on " + Thread.currentThread().getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedExecutor {

		@Bean(defaultCandidate = false)
		@TaskQueueExecutor
		ThreadPoolTaskExecutor threads() {
			return pool("marked-");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NamedExecutor {

		@Bean(defaultCandidate = false)
		Executor taskQueueExecutor() {
			return pool("named-");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReportExecutor {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor reports() {
			return pool("reports-");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RejectingOnce {

		@Bean(defaultCandidate = false)
		Executor rejecting(Received received) {
			return new Executor() {

				private boolean rejected;

				@Override
				public synchronized void execute(Runnable run) {
					if (!this.rejected) {
						this.rejected = true;
						received.add("rejected");
						throw new TaskRejectedException("full");
					}
					new Thread(run, "accepted").start();
				}

			};
		}

	}

	private static ThreadPoolTaskExecutor pool(String prefix) {
		ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
		pool.setCorePoolSize(10);
		pool.setThreadNamePrefix(prefix);
		return pool;
	}

	@Configuration(proxyBeanMethods = false)
	static class Decorators {

		static final ThreadLocal<String> USER = new ThreadLocal<>();

		@Bean
		@Order(1)
		TaskDecorator inner(Received received) {
			return noting("inner", received);
		}

		@Bean
		@Order(2)
		TaskDecorator outer(Received received) {
			return noting("outer", received);
		}

		private static TaskDecorator noting(String name, Received received) {
			return (run) -> {
				String user = USER.get();
				return () -> {
					received.add(name);
					USER.set(user);
					try {
						run.run();
					}
					finally {
						USER.remove();
					}
				};
			};
		}

	}

}
