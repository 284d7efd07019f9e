package io.taskqueue.management;

import io.taskqueue.autoconfigure.TaskQueueAutoConfiguration;
import io.taskqueue.inspect.TaskInspector;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the Actuator endpoint {@code taskqueues}.
 */
@AutoConfiguration(after = TaskQueueAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(TaskInspector.class)
@ConditionalOnAvailableEndpoint(TaskQueueEndpoint.class)
@EnableConfigurationProperties(TaskQueueEndpointProperties.class)
public final class TaskQueueEndpointAutoConfiguration {

	TaskQueueEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	TaskQueueEndpoint taskQueueEndpoint(TaskInspector inspector, TaskQueueEndpointProperties properties) {
		return new TaskQueueEndpoint(inspector, properties);
	}

	@Bean
	EndpointParameterErrors taskQueueEndpointParameterErrors() {
		return new EndpointParameterErrors();
	}

	@Bean
	@ConditionalOnAvailableEndpoint(endpoint = TaskQueueEndpoint.class, exposure = EndpointExposure.WEB)
	TaskQueueEndpointWebExtension taskQueueEndpointWebExtension(TaskQueueEndpoint endpoint) {
		return new TaskQueueEndpointWebExtension(endpoint);
	}

}
