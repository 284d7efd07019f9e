package io.taskqueue.faults;

import java.nio.file.Path;

import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.WorkerHooks;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A running worker in this JVM.
 */
final class LocalWorker implements AutoCloseable {

	private final Journal journal;

	private final RecordingHandlers handlers;

	private final TaskQueue queue;

	private final WorkerNode node;

	LocalWorker(String name, RedisConnectionFactory redis, int concurrency, Path directory) {
		this.journal = new Journal(directory, name);
		this.handlers = new RecordingHandlers(this.journal);
		this.queue = TaskQueue.connect(redis, TaskQueueOptions.standard("faults"));
		this.node = this.queue.node(this.handlers.registry(), WorkerHooks.none(), WorkerMain.options(concurrency));
		this.node.start();
	}

	WorkerNode node() {
		return this.node;
	}

	/** Releases the tasks that hold. */
	void release() {
		this.handlers.release();
	}

	@Override
	public void close() {
		this.node.stop();
		this.queue.close();
		this.journal.close();
	}

}
