package io.taskqueue.client;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import io.taskqueue.testing.InMemoryEnqueueBroker.Call;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A group commit over a broker whose calls wait at a gate.
 */
abstract class GroupCommitScene {

	final InMemoryEnqueueBroker broker = new InMemoryEnqueueBroker(Clock.systemUTC());

	/** Lets calls through to the broker; each takes a permit. */
	final Semaphore gate = new Semaphore(0);

	/** Counts calls that have arrived at the gate. */
	final Semaphore arrived = new Semaphore(0);

	GroupCommit group = group(Duration.ofSeconds(20));

	GroupCommit group(Duration timeout) {
		ClientOptions options = new ClientOptions(timeout, "default", 10, Duration.ofMinutes(30), Duration.ZERO,
				1 << 20, 8192, 64, 1 << 20);
		return new GroupCommit("q", new BatchSender(this.broker, options));
	}

	static Command command(String id) {
		return command(id, 10);
	}

	static Command command(String id, int bytes) {
		return new Command(id, new byte[bytes], null, OnConflict.FAIL, "", 0);
	}

	List<String> stored() {
		return this.broker.tasks("q").stream().map((task) -> task.command().id()).toList();
	}

	/** Starts a call that is to wait, either at the gate or in the group. */
	Caller caller(String id, int bytes) {
		Caller caller = new Caller(
				() -> assertThat(this.group.enqueue(command(id, bytes)).outcome()).isEqualTo(Enqueued.CREATED));
		caller.waits();
		return caller;
	}

	void pass(Call call) {
		this.arrived.release();
		this.gate.acquireUninterruptibly();
	}

	void arrive() throws InterruptedException {
		assertThat(this.arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
	}

	static void pause(long millis) {
		CountDownLatch never = new CountDownLatch(1);
		try {
			assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
