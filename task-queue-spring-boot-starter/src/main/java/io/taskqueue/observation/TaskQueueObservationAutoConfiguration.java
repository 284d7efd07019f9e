package io.taskqueue.observation;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the Observations of tasks, where there is an
 * {@link ObservationRegistry}, and of the logging context of handlers.
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnBooleanProperty(name = "task-queue.enabled", matchIfMissing = true)
public final class TaskQueueObservationAutoConfiguration {

	TaskQueueObservationAutoConfiguration() {
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "task-queue.management.mdc", matchIfMissing = true)
	LoggingContext taskLoggingContext() {
		return new LoggingContext();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	static class ObservationConfiguration {

		@Bean
		EnqueueObservations taskEnqueueObservations(ObservationRegistry registry,
				ObjectProvider<TaskEnqueueObservationConvention> convention) {
			return new EnqueueObservations(registry, convention.getIfAvailable());
		}

		@Bean
		ProcessObservations taskProcessObservations(ObservationRegistry registry,
				ObjectProvider<TaskProcessObservationConvention> convention) {
			return new ProcessObservations(registry, convention.getIfAvailable());
		}

		@Bean
		CronObservations taskCronObservations(ObservationRegistry registry,
				ObjectProvider<TaskCronObservationConvention> convention) {
			return new CronObservations(registry, convention.getIfAvailable());
		}

	}

}
