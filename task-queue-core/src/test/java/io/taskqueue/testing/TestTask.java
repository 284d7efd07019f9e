package io.taskqueue.testing;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.taskqueue.wire.TaskMessage;

/**
 * A task's record for tests, changed step by step: type {@code t}, payload {@code p}, 25
 * retries, 1800 s to run, unless told otherwise.
 */
public final class TestTask {

	private final String queue;

	private final String id;

	private String payload = "p";

	private int retry = 25;

	private int retried;

	private String error = "";

	private long failedAt;

	private String unique = "";

	private long retention;

	private String group = "";

	/** Begins a task. */
	public TestTask(String queue, String id) {
		this.queue = queue;
		this.id = id;
	}

	/** Gives the payload. */
	public TestTask payload(String payload) {
		this.payload = payload;
		return this;
	}

	/** Says how many retries are allowed, and how many have been used. */
	public TestTask retries(int retried, int retry) {
		this.retried = retried;
		this.retry = retry;
		return this;
	}

	/** Says what the last attempt ended with, and when. */
	public TestTask failed(String error, long at) {
		this.error = error;
		this.failedAt = at;
		return this;
	}

	/** Gives the unique lock. */
	public TestTask unique(String key) {
		this.unique = key;
		return this;
	}

	/** Gives the retention. */
	public TestTask retention(long seconds) {
		this.retention = seconds;
		return this;
	}

	/** Gives the aggregation group. */
	public TestTask group(String group) {
		this.group = group;
		return this;
	}

	/** Returns the record. */
	public TaskMessage message() {
		return new TaskMessage("t", this.payload.getBytes(StandardCharsets.UTF_8), this.id, this.queue, this.retry,
				this.retried, this.error, 1800, 0, this.unique, this.failedAt, this.retention, 0, this.group, Map.of());
	}

}
