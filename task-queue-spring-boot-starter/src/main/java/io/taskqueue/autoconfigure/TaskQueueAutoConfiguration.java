package io.taskqueue.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import io.taskqueue.EnqueueFailureListener;
import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.FailurePredicate;
import io.taskqueue.HandlerControl;
import io.taskqueue.HealthListener;
import io.taskqueue.PayloadCodec;
import io.taskqueue.RetryDelay;
import io.taskqueue.TaskErrorHandler;
import io.taskqueue.TaskInterceptor;
import io.taskqueue.TaskOperations;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronListener;
import io.taskqueue.cron.CronScheduler;
import io.taskqueue.cron.CronTaskProvider;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.AnnotatedAggregators;
import io.taskqueue.handler.AnnotatedCronTasks;
import io.taskqueue.handler.AnnotatedHandlers;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.maintenance.AggregationListener;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.core.task.support.CompositeTaskDecorator;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Auto-configuration of task queues: the connection, the template that enqueues, and the
 * worker for {@link io.taskqueue.annotation.TaskHandler @TaskHandler} methods.
 *
 * <p>
 * Beans of the application take the place of the codec, the registry, the connection, the
 * template and the inspector. The worker uses its interceptors (in their order), its
 * listeners and error handlers, its {@link RetryDelay} and its {@link FailurePredicate};
 * aggregation uses its {@link AggregationListener}s.
 */
@AutoConfiguration(after = DataRedisAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "task-queue.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TaskQueueProperties.class)
public final class TaskQueueAutoConfiguration {

	TaskQueueAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	PayloadCodec taskPayloadCodec() {
		return new JacksonPayloadCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	HandlerRegistry taskHandlerRegistry() {
		return new HandlerRegistry();
	}

	@Bean
	@ConditionalOnMissingBean
	AggregatorRegistry taskAggregatorRegistry() {
		return new AggregatorRegistry();
	}

	@Bean
	static CronTaskDefinitions cronTaskDefinitions(TaskQueueProperties properties,
			ConfigurableListableBeanFactory beans) {
		return new CronTaskDefinitions(properties.cron().tasks(), () -> beans.getBeansOfType(CronTaskProvider.class));
	}

	@Bean
	static TaskHandlerDiscovery taskHandlerDiscovery(ConfigurableListableBeanFactory beans, PayloadCodec codec,
			CronTaskDefinitions cronTasks, AggregatorRegistry aggregators, HandlerRegistry registry,
			TaskQueueProperties properties, Environment environment) {
		return new TaskHandlerDiscovery(beans,
				new AnnotatedHandlers(codec, environment::resolveRequiredPlaceholders, new ExecutorBeans(beans)),
				new AnnotatedCronTasks(codec, environment::resolveRequiredPlaceholders), cronTasks,
				new AnnotatedAggregators(codec, environment::resolveRequiredPlaceholders), aggregators, registry,
				properties);
	}

	/** Everything else that talks to Redis depends on this bean, so it is closed last. */
	@Bean
	@ConditionalOnMissingBean
	TaskQueue taskQueue(@TaskQueueConnectionFactory ObjectProvider<RedisConnectionFactory> own,
			ObjectProvider<RedisConnectionFactory> application, TaskQueueProperties properties,
			Environment environment) {
		return TaskQueue.connect(own.getIfAvailable(application::getObject),
				EngineOptions.connection(properties, environment));
	}

	@Bean
	@ConditionalOnMissingBean(TaskOperations.class)
	TaskTemplate taskTemplate(TaskQueue queue, PayloadCodec codec, HandlerRegistry handlers,
			TaskQueueProperties properties, ObjectProvider<EnqueueInterceptor> interceptors,
			ObjectProvider<EnqueueFailureListener> listeners, ApplicationEventPublisher events) {
		return queue
			.template(codec, new TypeDefaults(properties.handlers(), handlers), EngineOptions.client(properties),
					interceptors.orderedStream().toList())
			.reportingTo(new EnqueueFailures(listeners, events));
	}

	@Bean
	@ConditionalOnMissingBean
	TaskInspector taskInspector(TaskQueue queue) {
		return queue.inspector();
	}

	@Bean
	@ConditionalOnMissingBean
	CronTaskRegistry cronTaskRegistry(TaskQueue queue, PayloadCodec codec, HandlerRegistry handlers,
			TaskQueueProperties properties) {
		return queue.cronTasks(codec, new TypeDefaults(properties.handlers(), handlers),
				EngineOptions.client(properties), properties.scheduler().toCronOptions());
	}

	@Bean
	HealthLifecycle taskQueueHealth(TaskQueue queue, TaskQueueProperties properties,
			ObjectProvider<HealthListener> listeners, ApplicationEventPublisher events) {
		List<HealthListener> all = new ArrayList<>(listeners.orderedStream().toList());
		all.add((health) -> events.publishEvent(new RedisHealthEvent(queue, health)));
		return new HealthLifecycle(queue.healthCheck(properties.redis().healthInterval(), all));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "task-queue.scheduler.enabled", matchIfMissing = true)
	static class SchedulerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		CronScheduler cronScheduler(CronTaskRegistry registry, CronTaskDefinitions definitions,
				ObjectProvider<CronListener> listeners, ApplicationEventPublisher events) {
			return new CronScheduler(registry, definitions,
					new CronListeners(listeners.orderedStream().toList(), events));
		}

		@Bean
		CronLifecycle cronLifecycle(CronScheduler scheduler) {
			return new CronLifecycle(scheduler);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "task-queue.worker.enabled", matchIfMissing = true)
	static class WorkerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		WorkerHooks taskWorkerHooks(ObjectProvider<TaskInterceptor> interceptors,
				ObjectProvider<WorkerListener> listeners, ObjectProvider<TaskErrorHandler> errorHandlers,
				ObjectProvider<TaskDecorator> decorators, @TaskQueueExecutor ObjectProvider<Executor> own,
				Environment environment) {
			WorkerHooks hooks = WorkerHooks.none()
				.withInterceptors(interceptors.orderedStream().toList())
				.withListeners(listeners.orderedStream().toList())
				.withErrorHandlers(errorHandlers.orderedStream().toList())
				.withDecorator(new CompositeTaskDecorator(decorators.orderedStream().toList())::decorate);
			Executor executor = own.getIfAvailable(
					() -> Threading.VIRTUAL.isActive(environment) ? new VirtualThreadTaskExecutor("task-") : null);
			return (executor != null) ? hooks.withExecutor(executor) : hooks;
		}

		@Bean
		@ConditionalOnMissingBean
		WorkerNode taskWorkerNode(TaskQueue queue, HandlerRegistry handlers, TaskQueueProperties properties,
				WorkerHooks hooks, ObjectProvider<RetryDelay> retryDelay, ObjectProvider<FailurePredicate> failures,
				AggregatorRegistry aggregators, PayloadCodec codec,
				ObjectProvider<AggregationListener> aggregationListeners, Environment environment) {
			EngineOptions.requireTimeToStop(properties.worker(), environment);
			return queue.node(handlers, hooks,
					EngineOptions.worker(properties,
							retryDelay.getIfAvailable(properties.worker().backoff()::toRetryDelay),
							failures.getIfAvailable(() -> (error) -> true)),
					aggregators, queue.encoder(codec, new TypeDefaults(properties.handlers(), handlers),
							EngineOptions.client(properties)),
					aggregationListeners.orderedStream().toList());
		}

		@Bean
		@ConditionalOnMissingBean
		HandlerControl taskHandlerControl(WorkerNode node) {
			return node.handlerControl();
		}

		@Bean
		WorkerLifecycle taskWorkerLifecycle(WorkerNode node, HandlerRegistry handlers, AggregatorRegistry aggregators) {
			return new WorkerLifecycle(node, handlers, aggregators);
		}

	}

}
