package io.taskqueue.autoconfigure;

import java.util.Map;

import io.taskqueue.FailurePredicate;
import io.taskqueue.RetryDelay;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.worker.WorkerOptions;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Says in the engine's own terms what the properties say.
 */
final class EngineOptions {

	private EngineOptions() {
	}

	static TaskQueueOptions connection(TaskQueueProperties properties, Environment environment) {
		return new TaskQueueOptions(namespace(properties, environment), properties.redis().connections(),
				properties.redis().connectTimeout(), properties.redis().commandTimeout(), properties.archive().size(),
				properties.archive().age());
	}

	static ClientOptions client(TaskQueueProperties properties) {
		return new ClientOptions(properties.client().timeout(), properties.defaultQueue(),
				properties.defaults().retry(), properties.defaults().timeout(), properties.defaults().retention(),
				(int) properties.client().maxPayload().toBytes(), (int) properties.client().maxHeaders().toBytes(),
				ClientOptions.DEFAULTS.batchSize(), ClientOptions.DEFAULTS.batchBytes());
	}

	static WorkerOptions worker(TaskQueueProperties properties, RetryDelay retryDelay, FailurePredicate failures) {
		WorkerProperties worker = properties.worker();
		WorkerOptions options = WorkerOptions.standard()
			.withQueues(queues(properties))
			.withStrict(worker.strict())
			.withShutdownTimeout(worker.shutdownTimeout())
			.withInterruptGrace(worker.interruptGrace())
			.withOnCancel(worker.onCancel())
			.withRetryDelay(retryDelay)
			.withFailurePredicate(failures);
		return (worker.concurrency() != null) ? options.withConcurrency(worker.concurrency()) : options;
	}

	/** Returns the queues to work on, with their weights. */
	static Map<String, Integer> queues(TaskQueueProperties properties) {
		return properties.worker().queues().isEmpty() ? Map.of(properties.defaultQueue(), 1)
				: properties.worker().queues();
	}

	private static String namespace(TaskQueueProperties properties, Environment environment) {
		if (properties.namespace() != null) {
			return properties.namespace();
		}
		String application = environment.getProperty("spring.application.name");
		return StringUtils.hasText(application) ? application : "default";
	}

}
