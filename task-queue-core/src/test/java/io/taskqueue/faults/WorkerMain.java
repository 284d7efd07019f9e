package io.taskqueue.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/**
 * A worker as a process of its own. It works until its standard input ends or it is asked
 * to terminate. A line on its input releases the tasks that hold.
 */
final class WorkerMain {

	/** The longest a task may go on after a stop, grace included. */
	static final Duration SHUTDOWN = Duration.ofSeconds(4);

	private WorkerMain() {
	}

	/**
	 * Runs a worker.
	 * @param args Redis's port, the journals' directory, the worker's name, its
	 * concurrency
	 */
	public static void main(String[] args) throws IOException {
		JedisConnectionFactory factory = new JedisConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", Integer.parseInt(args[0])));
		factory.afterPropertiesSet();
		Journal journal = new Journal(Path.of(args[1]), args[2]);
		RecordingHandlers handlers = new RecordingHandlers(journal);
		TaskQueue queue = TaskQueue.connect(factory, TaskQueueOptions.standard("faults"));
		WorkerNode node = queue.node(handlers.registry(), WorkerHooks.none(), options(Integer.parseInt(args[3])));
		Runtime.getRuntime().addShutdownHook(new Thread(node::stop));
		node.start();
		journal.write(Kind.READY, node.worker().token(), 0);
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		while (commands.readLine() != null) {
			handlers.release();
		}
		node.stop();
		queue.close();
		factory.destroy();
	}

	static WorkerOptions options(int concurrency) {
		return WorkerOptions.standard()
			.withConcurrency(concurrency)
			.withShutdownTimeout(SHUTDOWN.dividedBy(2))
			.withInterruptGrace(SHUTDOWN.dividedBy(2));
	}

}
