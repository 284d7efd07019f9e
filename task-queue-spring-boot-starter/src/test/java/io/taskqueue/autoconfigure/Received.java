package io.taskqueue.autoconfigure;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What handlers were given, in the order of their calls.
 */
public final class Received {

	private final BlockingQueue<Object> values = new LinkedBlockingQueue<>();

	public void add(Object value) {
		this.values.add(value);
	}

	/** Waits for the next value. */
	public Object next() throws InterruptedException {
		return Objects.requireNonNull(this.values.poll(10, TimeUnit.SECONDS), "nothing was received within 10 s");
	}

	public boolean isEmpty() {
		return this.values.isEmpty();
	}

}
