package io.taskqueue.handler;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that no worker stands behind.
 */
record FakeTask(byte[] payload, Map<String, String> headers) implements TaskContext {

	static FakeTask of(String payload) {
		return new FakeTask(payload.getBytes(StandardCharsets.UTF_8), Map.of());
	}

	@Override
	public String id() {
		return "id-1";
	}

	@Override
	public String type() {
		return "order:paid";
	}

	@Override
	public String queue() {
		return "low";
	}

	@Override
	public int retried() {
		return 2;
	}

	@Override
	public int maxRetry() {
		return 10;
	}

	@Override
	public @Nullable String lastError() {
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
		throw new UnsupportedOperationException("nothing keeps results here");
	}

}
