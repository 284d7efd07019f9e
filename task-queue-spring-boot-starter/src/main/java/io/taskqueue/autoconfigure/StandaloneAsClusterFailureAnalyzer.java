package io.taskqueue.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Explains that a single server is configured as a cluster. Jedis connects when the
 * application's own connection factory is made, before task queues do, and hides what the
 * server said among the suppressed exceptions.
 */
final class StandaloneAsClusterFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			for (Throwable suppressed : cause.getSuppressed()) {
				if (String.valueOf(suppressed.getMessage()).contains("cluster support disabled")) {
					return new FailureAnalysis(
							"Redis is configured as a cluster, but is a single server. It said: "
									+ suppressed.getMessage() + ".",
							"Name the server with spring.data.redis.host and spring.data.redis.port, or spring.data.redis.url, "
									+ "and remove spring.data.redis.cluster.nodes.",
							failure);
				}
			}
		}
		return null;
	}

}
