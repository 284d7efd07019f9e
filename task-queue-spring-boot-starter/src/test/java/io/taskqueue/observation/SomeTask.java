package io.taskqueue.observation;

import java.time.Instant;
import java.util.Map;

import io.taskqueue.TaskContext;

/**
 * An attempt that no worker makes.
 */
final class SomeTask implements TaskContext {

	@Override
	public String id() {
		return "id";
	}

	@Override
	public String type() {
		return "type";
	}

	@Override
	public String queue() {
		return "queue";
	}

	@Override
	public byte[] payload() {
		return new byte[0];
	}

	@Override
	public Map<String, String> headers() {
		return Map.of();
	}

	@Override
	public int retried() {
		return 0;
	}

	@Override
	public int maxRetry() {
		return 0;
	}

	@Override
	public String lastError() {
		return null;
	}

	@Override
	public Instant deadline() {
		return Instant.MAX;
	}

	@Override
	public boolean isInterrupted() {
		return false;
	}

	@Override
	public void writeResult(byte[] result) {
	}

}
