package io.taskqueue.client;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A thread and how it ended. */
final class Caller {

	final Thread thread;

	private volatile Throwable failure;

	Caller(Runnable call) {
		this.thread = new Thread(() -> {
			try {
				call.run();
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
		});
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/** Returns when the thread waits or has ended, so that callers queue in order. */
	void waits() {
		while (!List.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED)
			.contains(this.thread.getState())) {
			Thread.onSpinWait();
		}
	}

	void succeeds() throws InterruptedException {
		this.thread.join(20_000);
		assertThat(this.thread.isAlive()).isFalse();
		assertThat(this.failure).isNull();
	}

	Throwable fails(Class<? extends Throwable> type) {
		try {
			this.thread.join(20_000);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		assertThat(this.thread.isAlive()).isFalse();
		assertThat(this.failure).isInstanceOf(type);
		return this.failure;
	}

}
