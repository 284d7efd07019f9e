package io.taskqueue.client;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import io.taskqueue.TaskQueueUnavailableException;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The tasks that wait for the end of one transaction. Known to nobody where Spring's
 * transactions are not on the class path.
 */
final class TransactionTasks implements TransactionSynchronization {

	private final AfterCommitTemplate template;

	private final List<EncodedTask> tasks = new ArrayList<>();

	/** How many tasks there were at each savepoint. */
	private final IdentityHashMap<Object, Integer> savepoints = new IdentityHashMap<>();

	private TransactionTasks(AfterCommitTemplate template) {
		this.template = template;
	}

	/**
	 * Tells whether something can wait for a transaction. It no longer can when the
	 * transaction has completed, although it still looks active to those who hear of it.
	 */
	static boolean isPossible() {
		return TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive();
	}

	/** Returns the tasks of the current transaction; a suspended one is not current. */
	static TransactionTasks current(AfterCommitTemplate template) {
		for (TransactionSynchronization known : TransactionSynchronizationManager.getSynchronizations()) {
			if (known instanceof TransactionTasks tasks && tasks.template == template) {
				return tasks;
			}
		}
		TransactionTasks tasks = new TransactionTasks(template);
		TransactionSynchronizationManager.registerSynchronization(tasks);
		return tasks;
	}

	void add(EncodedTask task) {
		this.tasks.add(task);
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.tasks.size());
	}

	/** A savepoint that was not heard of is older than all tasks. */
	@Override
	public void savepointRollback(Object savepoint) {
		this.tasks.subList(this.savepoints.getOrDefault(savepoint, 0), this.tasks.size()).clear();
	}

	/**
	 * Not in {@code afterCommit}, which is left out when another synchronization throws
	 * there.
	 */
	@Override
	public void afterCompletion(int status) {
		if (this.tasks.isEmpty()) {
			return;
		}
		if (status == STATUS_COMMITTED) {
			this.template.send(this.tasks);
		}
		else if (status == STATUS_UNKNOWN) {
			this.template.reportAll(this.tasks, new TaskQueueUnavailableException(
					"nothing was sent, because it is unknown whether the transaction has committed", null));
		}
	}

}
