package io.taskqueue.autoconfigure;

import java.time.Duration;

import io.taskqueue.Enqueued;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;

import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.annotation.Transactional;

/**
 * The code of {@code docs/transactions.md}, and that of {@code docs/handlers.md} on
 * threads, to be compiled.
 */
final class TransactionExamples {

	private TransactionExamples() {
	}

	static class Orders {

		private final OrderRepository orders;

		private final TaskTemplate tasks;

		Orders(OrderRepository orders, TaskTemplate tasks) {
			this.orders = orders;
			this.tasks = tasks;
		}

		@Transactional
		void pay(Order order) {
			this.orders.save(order.paid());
			this.tasks.afterCommit().enqueue("order.receipt", order.id());
			this.tasks.afterCommit()
				.once("order.review")
				.uuid("review-" + order.id())
				.keep()
				.in(Duration.ofDays(14))
				.payload(order.id())
				.enqueue();
		}

	}

	static class Failures {

		private final MissingTasks missing;

		Failures(MissingTasks missing) {
			this.missing = missing;
		}

		@EventListener
		void onFailure(TaskEnqueueFailedEvent failure) {
			if (failure.outcome() == Enqueued.UNKNOWN) {
				this.missing.save(failure.type(), failure.id(), failure.queue(), failure.task().payload());
			}
		}

	}

	static class Threads {

		@Bean(defaultCandidate = false)
		@TaskQueueExecutor
		ThreadPoolTaskExecutor taskThreads() {
			ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
			threads.setCorePoolSize(20);
			return threads;
		}

		@TaskHandler(type = "report", queue = "reports", executor = "reports")
		void report(String month) {
		}

	}

	record Order(long id) {

		Order paid() {
			return this;
		}

	}

	interface OrderRepository {

		void save(Order order);

	}

	interface MissingTasks {

		void save(String type, String id, String queue, byte[] payload);

	}

}
