package io.taskqueue.client;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueException;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is sent when a transaction has committed. With real transactions and Redis in the
 * starter's {@code AfterCommitTest}.
 */
class AfterCommitTemplateTest {

	private final InMemoryEnqueueBroker broker = new InMemoryEnqueueBroker(Clock.systemUTC());

	private final TaskTemplate template = new TaskTemplate(this.broker, new TextCodec(), (type) -> TaskOptions.unset(),
			ClientOptions.DEFAULTS, Clock.systemUTC());

	@BeforeEach
	void begin() {
		TransactionSynchronizationManager.initSynchronization();
		TransactionSynchronizationManager.setActualTransactionActive(true);
	}

	@AfterEach
	void end() {
		TransactionSynchronizationManager.clear();
	}

	@Test
	void sendsOneBatchForEachQueueInTheOrderOfTheCalls() {
		for (int i = 0; i < 20; i++) {
			this.template.afterCommit().once("t").uuid("a" + i).queue("a").enqueue();
			this.template.afterCommit().once("t").uuid("b" + i).queue("b").enqueue();
		}
		assertThat(this.broker.calls()).isEmpty();
		commit();
		assertThat(this.broker.calls()).hasSize(2);
		assertThat(this.broker.calls().get(0).commands()).extracting(Command::id)
			.hasSize(20)
			.startsWith("a0", "a1", "a2")
			.endsWith("a19");
	}

	@Test
	void templatesDoNotMixTheirTasks() {
		InMemoryEnqueueBroker another = new InMemoryEnqueueBroker(Clock.systemUTC());
		this.template.afterCommit().enqueue("t");
		try (TaskTemplate second = new TaskTemplate(another, new TextCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS, Clock.systemUTC())) {
			second.afterCommit().enqueue("t");
			commit();
		}
		assertThat(this.broker.tasks("default")).hasSize(1);
		assertThat(another.tasks("default")).hasSize(1);
	}

	@Test
	void aTemplateThatWasClosedMeanwhileIsReported() {
		List<String> failed = new ArrayList<>();
		this.template.reportingTo((task, outcome, error) -> failed.add(message(task.id(), error)));
		this.template.afterCommit().once("t").uuid("a").enqueue();
		this.template.close();
		commit();
		assertThat(failed).containsExactly("a: the task template is closed; nothing was sent");
	}

	private static String message(String id, TaskQueueException error) {
		return id + ": " + error.getMessage();
	}

	private static void commit() {
		TransactionSynchronizationUtils.invokeAfterCompletion(TransactionSynchronizationManager.getSynchronizations(),
				TransactionSynchronization.STATUS_COMMITTED);
	}

}
