package io.taskqueue.management;

import io.taskqueue.autoconfigure.TaskQueueAutoConfiguration;
import io.taskqueue.cron.CronScheduler;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.WorkerNode;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the health of task queues. It is part of readiness only where
 * {@code task-queue.management.readiness} says so, and never of liveness: while Redis is
 * away, a web node can go on serving and a restart would help nobody.
 */
@AutoConfiguration(after = TaskQueueAutoConfiguration.class,
		afterName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration")
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ TaskQueue.class, TaskInspector.class })
@ConditionalOnEnabledHealthIndicator("task-queue")
public final class TaskQueueHealthAutoConfiguration {

	/** The name of the indicator in groups. */
	static final String NAME = "taskQueue";

	TaskQueueHealthAutoConfiguration() {
	}

	@Bean
	LastFetch taskLastFetch() {
		return new LastFetch();
	}

	@Bean
	@ConditionalOnMissingBean(name = "taskQueueHealthIndicator")
	TaskQueueHealthIndicator taskQueueHealthIndicator(TaskQueue queue, TaskInspector inspector,
			CronTaskRegistry registry, ObjectProvider<WorkerNode> node, ObjectProvider<CronScheduler> scheduler,
			LastFetch lastFetch) {
		return new TaskQueueHealthIndicator(queue, inspector, registry, node.getIfAvailable(),
				scheduler.getIfAvailable(), lastFetch);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthEndpointGroupsPostProcessor.class)
	@ConditionalOnBooleanProperty("task-queue.management.readiness")
	static class ReadinessConfiguration {

		@Bean
		static ReadinessGroups taskQueueReadiness() {
			return new ReadinessGroups(NAME);
		}

	}

}
