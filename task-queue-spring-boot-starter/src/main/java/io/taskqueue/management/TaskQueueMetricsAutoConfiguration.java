package io.taskqueue.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskqueue.autoconfigure.TaskQueueAutoConfiguration;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.WorkerNode;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters of task queues, where there is a
 * {@link MeterRegistry}.
 */
@AutoConfiguration(after = TaskQueueAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "task-queue.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ManagementProperties.class)
public final class TaskQueueMetricsAutoConfiguration {

	TaskQueueMetricsAutoConfiguration() {
	}

	@Bean
	EnqueueMeters taskEnqueueMeters(MeterRegistry registry) {
		return new EnqueueMeters(registry);
	}

	@Bean
	WorkerMeters taskWorkerMeters(MeterRegistry registry) {
		return new WorkerMeters(registry);
	}

	@Bean
	@ConditionalOnBean(WorkerNode.class)
	WorkerGauges taskWorkerGauges(WorkerNode node) {
		return new WorkerGauges(node.worker());
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "task-queue.scheduler.enabled", matchIfMissing = true)
	CronMeters taskCronMeters(MeterRegistry registry) {
		return new CronMeters(registry);
	}

	@Bean
	@ConditionalOnBean(TaskInspector.class)
	@ConditionalOnExpression("'${task-queue.management.queue-meters:leader}' != 'never'")
	QueueMeters taskQueueMeters(TaskInspector inspector, MeterRegistry registry, ManagementProperties properties) {
		return new QueueMeters(inspector, registry, properties.queueMetersInterval(),
				properties.queueMeters() == ManagementProperties.QueueMeters.ALWAYS);
	}

}
