package io.taskqueue.client;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

import io.taskqueue.EnqueueFailureListener;
import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOperations;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Enqueues when the transaction of the current thread has committed, and not at all when
 * it is rolled back. Without a transaction, or without Spring's transactions on the class
 * path, it enqueues at once, as {@link TaskTemplate} does.
 * <p>
 * In a transaction a task is checked and encoded at the call, with an
 * {@link InvalidTaskException} for what is wrong with it. The answer is a task with its
 * final id, no {@link TaskInfo#state() state}, and {@link Enqueued#AFTER_COMMIT} as what
 * the enqueue did: whether its id is taken or Redis is there is found out after the
 * commit only. A failure then is logged as an error and told to the
 * {@link EnqueueFailureListener}; the committed call does not see it. Delays count from
 * the call.
 * <p>
 * All tasks of a transaction are sent in their order, many in one call, on the thread
 * that commits. Tasks since a savepoint are dropped when it is rolled back to. A
 * suspended transaction keeps its tasks until it is resumed and commits. Where nobody
 * knows whether a transaction has committed, its tasks are not sent but told as failures.
 * <p>
 * Transactions are those of {@code PlatformTransactionManager}s with synchronization;
 * inside reactive transactions it enqueues at once. Thread-safe.
 */
public final class AfterCommitTemplate implements TaskOperations {

	private static final Logger logger = LoggerFactory.getLogger(AfterCommitTemplate.class);

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			AfterCommitTemplate.class.getClassLoader());

	private final TaskTemplate template;

	private volatile EnqueueFailureListener listener = (task, outcome, error) -> {
	};

	AfterCommitTemplate(TaskTemplate template) {
		this.template = template;
	}

	void reportTo(EnqueueFailureListener listener) {
		this.listener = listener;
	}

	/**
	 * Begins a task that is told step by step.
	 * @param type the task's type
	 */
	public OnceTask once(String type) {
		return new OnceTask(this, type);
	}

	/**
	 * {@inheritDoc} In a transaction it throws {@link InvalidTaskException}, and
	 * {@link TaskQueueUnavailableException} when the template is closed, but nothing
	 * else.
	 */
	@Override
	public TaskInfo enqueue(TaskRequest request) {
		return isInTransaction() ? keepAll(List.of(request)).get(0).orThrow() : this.template.enqueue(request);
	}

	@Override
	public List<EnqueueResult> enqueueAll(Collection<TaskRequest> requests) {
		return isInTransaction() ? keepAll(List.copyOf(requests)) : this.template.enqueueAll(requests);
	}

	private static boolean isInTransaction() {
		return TRANSACTIONS && TransactionTasks.isPossible();
	}

	private List<EnqueueResult> keepAll(List<TaskRequest> requests) {
		return this.template.keepAll(requests, (task) -> TransactionTasks.current(this).add(task));
	}

	/** Sends the tasks of a committed transaction. Never throws. */
	void send(List<EncodedTask> tasks) {
		try {
			List<EnqueueResult> results = this.template.sendKept(tasks);
			for (int index = 0; index < tasks.size(); index++) {
				EnqueueResult result = results.get(index);
				if (result.error() != null) {
					report(tasks.get(index), result.outcome(), result.error());
				}
			}
		}
		catch (RuntimeException ex) {
			reportAll(tasks, (ex instanceof TaskQueueException known) ? known
					: new TaskQueueUnavailableException("it is unknown whether it is stored: " + ex, ex));
		}
	}

	/** Tells that tasks are not sent, and why. Never throws. */
	void reportAll(List<EncodedTask> tasks, TaskQueueException error) {
		tasks.forEach((task) -> report(task, Enqueued.UNKNOWN, error));
	}

	private void report(EncodedTask task, Enqueued outcome, TaskQueueException error) {
		TaskInfo info = Objects.requireNonNull(task.afterCommit().task());
		logger.error("Task '{}' of type '{}' was not enqueued in queue '{}' after its transaction had committed: {}",
				info.id(), info.type(), info.queue(), error.getMessage());
		logger.debug("Not enqueued", error);
		try {
			this.listener.enqueueFailed(info, outcome, error);
		}
		catch (RuntimeException ex) {
			logger.error("A listener failed when it was told that task '{}' was not enqueued", info.id(), ex);
		}
	}

}
