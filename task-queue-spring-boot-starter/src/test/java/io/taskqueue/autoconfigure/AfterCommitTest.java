package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.taskqueue.EnqueueFailureListener;
import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskRequest;
import io.taskqueue.TaskState;
import io.taskqueue.client.AfterCommitTemplate;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import io.taskqueue.inspect.TaskInspector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tasks that are enqueued after the commit of a database transaction.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class AfterCommitTest {

	private final ApplicationContextRunner runner = RedisContexts.runner().withUserConfiguration(Database.class);

	@Test
	void enqueuesAtOnceOutsideOfATransaction() {
		this.runner.run((context) -> {
			TaskInfo task = tasks(context).enqueue("t");
			assertThat(task.enqueued()).isEqualTo(Enqueued.CREATED);
			assertThat(task.state()).isEqualTo(TaskState.PENDING);
			assertThat(tasks(context).once("t").enqueue().enqueued()).isEqualTo(Enqueued.CREATED);
			assertThat(pending(context)).hasSize(2);
		});
	}

	@Test
	void aCommittedTransactionEnqueuesAfterTheCommit() {
		this.runner.run((context) -> {
			TaskInfo answer = inTransaction(context).execute((status) -> {
				insert(context, "ann");
				TaskInfo task = tasks(context).enqueue("user.created", "ann");
				assertThat(pending(context)).isEmpty();
				return task;
			});
			assertThat(answer.enqueued()).isEqualTo(Enqueued.AFTER_COMMIT);
			assertThat(answer.state()).isNull();
			assertThat(answer.nextProcessAt()).isNull();
			assertThat(pending(context)).containsExactly(answer.id());
			assertThat(users(context)).containsExactly("ann");
		});
	}

	@Test
	void aRolledBackTransactionEnqueuesNothing() {
		this.runner.run((context) -> {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> inTransaction(context).executeWithoutResult((status) -> {
					insert(context, "ann");
					tasks(context).enqueue("user.created", "ann");
					tasks(context).once("user.created").payload("bob").enqueue();
					throw new IllegalStateException("no");
				}));
			assertThat(pending(context)).isEmpty();
			assertThat(users(context)).isEmpty();
			assertThat(failures(context)).isEmpty();
		});
	}

	@Test
	void keepsTheOrder() {
		this.runner.withUserConfiguration(Counting.class).run((context) -> {
			List<String> ids = new ArrayList<>();
			inTransaction(context).executeWithoutResult((status) -> {
				IntStream.range(0, 30).forEach((i) -> ids.add(tasks(context).enqueue("t", i).id()));
				ids.add(tasks(context).once("t").payload("once").enqueue().id());
				tasks(context).enqueueAll(List.of(TaskRequest.of("t", 1), TaskRequest.of("t", 2)))
					.forEach((result) -> ids.add(result.orThrow().id()));
			});
			assertThat(pending(context)).containsExactlyElementsOf(ids);
			assertThat(context.getBean(Counting.class).calls).hasSize(32);
		});
	}

	@Test
	void whatIsWrongIsToldAtTheCall() {
		this.runner.withPropertyValues("task-queue.client.max-payload=10B").run((context) -> {
			inTransaction(context).executeWithoutResult((status) -> {
				assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> tasks(context).enqueue(" "));
				assertThatExceptionOfType(InvalidTaskException.class)
					.isThrownBy(() -> tasks(context).enqueue("t", "x".repeat(11)))
					.withMessageContaining("at most 10 bytes");
				List<EnqueueResult> results = tasks(context)
					.enqueueAll(List.of(TaskRequest.of("t", "ok"), TaskRequest.of("", null)));
				assertThat(results).extracting(EnqueueResult::outcome)
					.containsExactly(Enqueued.AFTER_COMMIT, Enqueued.INVALID);
			});
			assertThat(pending(context)).hasSize(1);
		});
	}

	@Test
	void aPayloadIsWrittenAtTheCall() {
		this.runner.run((context) -> {
			List<String> changing = new ArrayList<>(List.of("as it was"));
			TaskInfo answer = inTransaction(context).execute((status) -> {
				TaskInfo task = tasks(context).enqueue("t", changing);
				changing.clear();
				return task;
			});
			assertThat(context.getBean(TaskInspector.class).find(answer.queue(), answer.id()))
				.hasValueSatisfying((task) -> assertThat(task.task().payload()).asString().contains("as it was"));
		});
	}

	@Test
	void delaysCountFromTheCall() {
		this.runner.run((context) -> {
			TaskInfo answer = inTransaction(context)
				.execute((status) -> tasks(context).enqueueIn(Duration.ofHours(1), "t", null));
			assertThat(answer.nextProcessAt()).isNotNull();
			assertThat(context.getBean(TaskInspector.class).find(answer.queue(), answer.id()))
				.hasValueSatisfying((task) -> {
					assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
					assertThat(task.task().nextProcessAt()).isEqualTo(answer.nextProcessAt());
				});
		});
	}

	@Test
	void whatHasComeDueMeanwhileDoesNotWait() {
		this.runner.run((context) -> {
			TaskInfo answer = inTransaction(context).execute((status) -> {
				TaskInfo task = tasks(context).enqueueIn(Duration.ofMillis(5), "t", null);
				await().until(() -> Instant.now().isAfter(task.nextProcessAt()));
				return task;
			});
			assertThat(pending(context)).containsExactly(answer.id());
		});
	}

	@Test
	void aSuspendedTransactionKeepsItsTasks() {
		this.runner.run((context) -> {
			TransactionTemplate inner = inTransaction(context, TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			List<String> ids = new ArrayList<>();
			inTransaction(context).executeWithoutResult((status) -> {
				ids.add(tasks(context).enqueue("outer").id());
				ids.add(inner.execute((another) -> tasks(context).enqueue("inner").id()));
				assertThat(pending(context)).containsExactly(ids.get(1));
				inner.executeWithoutResult((another) -> {
					tasks(context).enqueue("rolled.back");
					another.setRollbackOnly();
				});
				inTransaction(context, TransactionDefinition.PROPAGATION_NOT_SUPPORTED).executeWithoutResult(
						(none) -> assertThat(tasks(context).enqueue("none").enqueued()).isEqualTo(Enqueued.CREATED));
				assertThat(pending(context)).hasSize(2);
			});
			assertThat(pending(context)).hasSize(3).endsWith(ids.get(0));
		});
	}

	@Test
	void anOuterRollbackDoesNotTakeBackWhatAnInnerCommitSent() {
		this.runner.run((context) -> {
			TransactionTemplate inner = inTransaction(context, TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			inTransaction(context).executeWithoutResult((status) -> {
				tasks(context).enqueue("outer");
				inner.executeWithoutResult((another) -> tasks(context).once("t").uuid("inner").enqueue());
				status.setRollbackOnly();
			});
			assertThat(pending(context)).containsExactly("inner");
		});
	}

	@Test
	void whatCameAfterASavepointGoesWithIt() {
		this.runner.run((context) -> {
			TransactionTemplate nested = inTransaction(context, TransactionDefinition.PROPAGATION_NESTED);
			inTransaction(context).executeWithoutResult((status) -> {
				// The first savepoint is older than anything that is enqueued
				nested.executeWithoutResult((inner) -> {
					tasks(context).once("t").uuid("first").enqueue();
					inner.setRollbackOnly();
				});
				tasks(context).once("t").uuid("before").enqueue();
				nested.executeWithoutResult((inner) -> {
					tasks(context).once("t").uuid("dropped").enqueue();
					inner.setRollbackOnly();
				});
				nested.executeWithoutResult((inner) -> tasks(context).once("t").uuid("kept").enqueue());
				Object savepoint = status.createSavepoint();
				tasks(context).once("t").uuid("by.hand").enqueue();
				status.rollbackToSavepoint(savepoint);
				tasks(context).once("t").uuid("after").enqueue();
				assertThat(pending(context)).isEmpty();
			});
			assertThat(pending(context)).containsExactly("before", "kept", "after");
		});
	}

	@Test
	void aFailingSynchronizationDoesNotKeepTasksBack() {
		this.runner.run((context) -> {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> inTransaction(context).executeWithoutResult((status) -> {
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
						@Override
						public void afterCommit() {
							tasks(context).once("t").uuid("in.afterCommit").enqueue();
							throw new IllegalStateException("not ours");
						}

						@Override
						public void afterCompletion(int outcome) {
							tasks(context).once("t").uuid("in.afterCompletion").enqueue();
						}
					});
					tasks(context).once("t").uuid("a").enqueue();
				}));
			assertThat(pending(context)).containsExactlyInAnyOrder("a", "in.afterCommit", "in.afterCompletion");
		});
	}

	@Test
	void redisThatIsGoneAtTheCommitIsReported(CapturedOutput output) {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start()) {
			RedisContexts.withoutRedis()
				.withUserConfiguration(Database.class)
				.withPropertyValues("spring.data.redis.host=" + server.host(),
						"spring.data.redis.port=" + server.port(), "task-queue.client.timeout=300ms")
				.run((context) -> {
					List<String> ids = new ArrayList<>();
					inTransaction(context).executeWithoutResult((status) -> {
						insert(context, "ann");
						ids.add(tasks(context).enqueue("user.created", "ann").id());
						ids.add(tasks(context).enqueue("user.greeted", "ann").id());
						server.kill();
					});
					assertThat(users(context)).containsExactly("ann");
					assertThat(failures(context)).extracting(TaskEnqueueFailedEvent::id).containsExactlyElementsOf(ids);
					TaskEnqueueFailedEvent failure = failures(context).get(0);
					assertThat(failure.type()).isEqualTo("user.created");
					assertThat(failure.queue()).isEqualTo(queue(context));
					assertThat(failure.outcome()).isEqualTo(Enqueued.UNKNOWN);
					assertThat(failure.task().payload()).asString().isEqualTo("\"ann\"");
					assertThat(output).contains("ERROR")
						.contains("Task '" + ids.get(0) + "' of type 'user.created' was not enqueued")
						.contains("Task '" + ids.get(1) + "' of type 'user.greeted' was not enqueued");
					server.restart();
					inTransaction(context).executeWithoutResult((status) -> tasks(context).enqueue("user.created"));
					assertThat(pending(context)).hasSize(1);
				});
		}
	}

	@Test
	void anIdThatIsTakenIsReported() {
		this.runner.withUserConfiguration(BrokenListener.class).run((context) -> {
			tasks(context).once("t").uuid("a").enqueue();
			inTransaction(context).executeWithoutResult((status) -> {
				assertThat(tasks(context).once("t").uuid("a").enqueue().enqueued()).isEqualTo(Enqueued.AFTER_COMMIT);
				tasks(context).once("t").uuid("a").keep().enqueue();
				tasks(context).once("t").uuid("b").enqueue();
			});
			assertThat(failures(context)).singleElement()
				.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(Enqueued.CONFLICT));
			assertThat(pending(context)).containsExactly("a", "b");
		});
	}

	@Test
	void aTransactionThatEndsUnknownSendsNothingAndIsReported() {
		this.runner.run((context) -> {
			JdbcTransactionManager manager = new JdbcTransactionManager(context.getBean(DataSource.class)) {
				@Override
				protected void doCommit(DefaultTransactionStatus status) {
					throw new TransactionSystemException("connection lost");
				}
			};
			assertThatExceptionOfType(TransactionSystemException.class)
				.isThrownBy(() -> new TransactionTemplate(manager)
					.executeWithoutResult((status) -> tasks(context).once("t").uuid("a").enqueue()));
			assertThat(pending(context)).isEmpty();
			assertThat(failures(context)).singleElement()
				.satisfies((failure) -> assertThat(failure.error())
					.hasMessageContaining("unknown whether the transaction has committed"));
		});
	}

	private static AfterCommitTemplate tasks(AssertableApplicationContext context) {
		return context.getBean(TaskTemplate.class).afterCommit();
	}

	private static TransactionTemplate inTransaction(AssertableApplicationContext context) {
		return inTransaction(context, TransactionDefinition.PROPAGATION_REQUIRED);
	}

	private static TransactionTemplate inTransaction(AssertableApplicationContext context, int propagation) {
		TransactionTemplate template = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		template.setPropagationBehavior(propagation);
		return template;
	}

	/** Returns the ids that wait, the one that runs next first. */
	private static List<String> pending(AssertableApplicationContext context) {
		List<String> ids = context.getBean(StringRedisTemplate.class)
			.opsForList()
			.range("asynq:{" + queue(context) + "}:pending", 0, -1);
		List<String> reversed = new ArrayList<>(ids);
		Collections.reverse(reversed);
		return reversed;
	}

	private static String queue(AssertableApplicationContext context) {
		return context.getEnvironment().getProperty("task-queue.default-queue");
	}

	private static void insert(AssertableApplicationContext context, String name) {
		context.getBean(JdbcClient.class).sql("insert into users values (?)").param(name).update();
	}

	private static List<String> users(AssertableApplicationContext context) {
		return context.getBean(JdbcClient.class).sql("select name from users").query(String.class).list();
	}

	private static List<TaskEnqueueFailedEvent> failures(AssertableApplicationContext context) {
		return context.getBean(Database.class).failures;
	}

	@Configuration(proxyBeanMethods = false)
	static class Database {

		private final List<TaskEnqueueFailedEvent> failures = new CopyOnWriteArrayList<>();

		@Bean
		DataSource dataSource() {
			return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		JdbcClient jdbcClient(DataSource dataSource) {
			JdbcClient client = JdbcClient.create(dataSource);
			client.sql("create table users (name varchar(20))").update();
			return client;
		}

		@EventListener
		void onFailure(TaskEnqueueFailedEvent event) {
			this.failures.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Counting {

		private final BlockingQueue<List<TaskRequest>> calls = new LinkedBlockingQueue<>();

		@Bean
		EnqueueInterceptor counting() {
			return (requests, next) -> {
				this.calls.add(requests);
				return next.proceed(requests);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenListener {

		@Bean
		EnqueueFailureListener broken() {
			return (task, outcome, error) -> {
				throw new IllegalStateException("broken");
			};
		}

	}

}
