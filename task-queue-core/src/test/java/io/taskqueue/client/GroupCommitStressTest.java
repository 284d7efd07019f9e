package io.taskqueue.client;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Races the hand-over of leadership against joining, giving up, failures and interrupts.
 */
@Timeout(60)
class GroupCommitStressTest {

	private static final Duration LENGTH = Duration.ofMillis(Boolean.getBoolean("taskqueue.soak") ? 60_000 : 1000);

	private final InMemoryEnqueueBroker broker = new InMemoryEnqueueBroker(Clock.systemUTC());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 16 })
	void nobodyIsLeftWaiting(int callers) throws Exception {
		// A call that nobody leads would end only with this time-out, as an exception
		GroupCommit group = group(Duration.ofSeconds(5));
		run(callers, (id) -> {
			assertThat(group.enqueue(command(id)).outcome()).isEqualTo(Enqueued.CREATED);
			// Leaves the group idle now and then, so that leading at once is raced as
			// well
			pause(50);
		});
	}

	@Test
	void answersAreTrueWhateverGoesWrong() throws Exception {
		Duration timeout = Duration.ofMillis(20);
		GroupCommit group = group(timeout);
		this.broker.before((call) -> failSometimes());
		this.broker.after((call) -> failSometimes());
		Map<String, String> ends = new ConcurrentHashMap<>();
		run(16, (id) -> {
			boolean interrupt = ThreadLocalRandom.current().nextInt(8) == 0;
			if (interrupt) {
				Thread.currentThread().interrupt();
			}
			try {
				assertThat(group.enqueue(command(id)).outcome()).isEqualTo(Enqueued.CREATED);
				ends.put(id, "created");
			}
			catch (TaskQueueUnavailableException ex) {
				ends.put(id, ex.getMessage().contains("was not sent") ? "not sent" : "unknown");
			}
			assertThat(Thread.interrupted()).isEqualTo(interrupt);
		});
		Set<String> stored = this.broker.tasks("q")
			.stream()
			.map((task) -> task.command().id())
			.collect(Collectors.toSet());
		assertThat(Set.copyOf(ends.values())).containsExactlyInAnyOrder("created", "not sent", "unknown");
		List<String> untrue = ends.entrySet()
			.stream()
			.filter((end) -> stored.contains(end.getKey()) ? end.getValue().equals("not sent")
					: end.getValue().equals("created"))
			.map(Map.Entry::getKey)
			.toList();
		assertThat(untrue).isEmpty();
		this.broker.before((call) -> {
		});
		this.broker.after((call) -> {
		});
		assertThat(group.enqueue(command("last")).outcome()).isEqualTo(Enqueued.CREATED);
	}

	private void run(int callers, Caller caller) throws Exception {
		long end = System.nanoTime() + LENGTH.toNanos();
		List<Future<?>> running = new ArrayList<>();
		for (int thread = 0; thread < callers; thread++) {
			String prefix = thread + "-";
			Callable<Void> calls = () -> {
				for (int index = 0; System.nanoTime() < end; index++) {
					caller.call(prefix + index);
				}
				return null;
			};
			running.add(this.threads.submit(calls));
		}
		for (Future<?> thread : running) {
			thread.get(LENGTH.toSeconds() + 20, TimeUnit.SECONDS);
		}
	}

	private static void failSometimes() {
		int dice = ThreadLocalRandom.current().nextInt(10);
		pause((dice == 0) ? 15_000_000 : 100_000);
		if (dice < 4) {
			throw new TaskQueueUnavailableException("no answer", null);
		}
	}

	private static void pause(long mostNanos) {
		LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(mostNanos));
	}

	private GroupCommit group(Duration timeout) {
		ClientOptions options = new ClientOptions(timeout, "default", 10, Duration.ofMinutes(30), Duration.ZERO,
				1 << 20, 8192, 64, 1 << 20);
		return new GroupCommit("q", new BatchSender(this.broker, options));
	}

	private static Command command(String id) {
		return new Command(id, new byte[10], null, OnConflict.FAIL, "", 0);
	}

	/** Enqueues one task. */
	private interface Caller {

		void call(String id) throws Exception;

	}

}
