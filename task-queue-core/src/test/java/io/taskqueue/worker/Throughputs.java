package io.taskqueue.worker;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.wire.TaskMessage;

/**
 * Measures what a task costs in this process, without Redis. Run by hand.
 */
final class Throughputs {

	private Throughputs() {
	}

	public static void main(String[] args) throws Exception {
		int tasks = 200_000;
		int concurrency = (args.length > 0) ? Integer.parseInt(args[0]) : 100;
		InMemoryBroker broker = new InMemoryBroker(Clock.systemUTC());
		broker.stopRecording();
		HandlerRegistry handlers = new HandlerRegistry();
		AtomicLong ran = new AtomicLong();
		handlers.register(new Handler("bench", "Throughputs", Handler.Policy.STANDARD, (task) -> {
			ran.incrementAndGet();
			return null;
		}));
		AtomicLong fetches = new AtomicLong();
		Worker worker = new Worker(broker, broker, broker, handlers,
				WorkerHooks.none().withListeners(List.of(new WorkerListener() {
					@Override
					public void fetched(String queue, int count, java.time.Duration took) {
						fetches.incrementAndGet();
					}
				})), WorkerOptions.standard().withConcurrency(concurrency), Clock.systemUTC());
		for (int round = 0; round < 8; round++) {
			for (int i = 0; i < tasks; i++) {
				broker.push(new TaskMessage("bench", new byte[100], round + "-0000-0000-0000-" + i, "default", 10, 0,
						"", 1800, 0, "", 0, 0, 0, "", Map.of()));
			}
			long fetchedBefore = fetches.get();
			long cpu = processCpu();
			long start = System.nanoTime();
			long target = broker.queue("default").done() + tasks;
			worker.start();
			while (broker.queue("default").done() < target) {
				Thread.sleep(1);
			}
			long elapsed = System.nanoTime() - start;
			System.out.printf("%,d tasks/s, %.2f us CPU per task, %.1f tasks per fetch, unsettled %d%n",
					tasks * 1_000_000_000L / elapsed, (processCpu() - cpu) / 1000.0 / tasks,
					tasks / (double) (fetches.get() - fetchedBefore), worker.unsettled());
			worker.stop();
		}
	}

	private static long processCpu() {
		return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
			.getProcessCpuTime();
	}

}
