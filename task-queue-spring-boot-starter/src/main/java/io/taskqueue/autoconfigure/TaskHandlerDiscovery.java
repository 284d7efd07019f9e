package io.taskqueue.autoconfigure;

import java.lang.reflect.Proxy;

import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskAggregator;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.handler.Aggregator;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.AnnotatedAggregators;
import io.taskqueue.handler.AnnotatedCronTasks;
import io.taskqueue.handler.AnnotatedCronTasks.CronMethod;
import io.taskqueue.handler.AnnotatedHandlers;
import io.taskqueue.handler.AnnotatedMethods;
import io.taskqueue.handler.DuplicateAggregatorException;
import io.taskqueue.handler.DuplicateHandlerException;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.InvalidHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Registers the {@link TaskHandler}, {@link CronTask} and {@link TaskAggregator} methods
 * of all beans, and the beans that are aggregators, when all singletons exist. Beans are
 * judged by their types, so that of the lazy ones only those are made that have handlers.
 */
final class TaskHandlerDiscovery implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(TaskHandlerDiscovery.class);

	private final ConfigurableListableBeanFactory beans;

	private final AnnotatedHandlers annotated;

	private final AnnotatedCronTasks cron;

	private final CronTaskDefinitions cronTasks;

	private final AnnotatedAggregators annotatedAggregators;

	private final AggregatorRegistry aggregators;

	private final HandlerRegistry registry;

	private final TaskQueueProperties properties;

	private final ExecutorBeans executors;

	TaskHandlerDiscovery(ConfigurableListableBeanFactory beans, AnnotatedHandlers annotated, AnnotatedCronTasks cron,
			CronTaskDefinitions cronTasks, AnnotatedAggregators annotatedAggregators, AggregatorRegistry aggregators,
			HandlerRegistry registry, TaskQueueProperties properties) {
		this.beans = beans;
		this.executors = new ExecutorBeans(beans);
		this.annotated = annotated;
		this.cron = cron;
		this.cronTasks = cronTasks;
		this.annotatedAggregators = annotatedAggregators;
		this.aggregators = aggregators;
		this.registry = registry;
		this.properties = properties;
	}

	/**
	 * Registers the handlers and aggregators.
	 * @throws BeanCreationException naming the bean, when a method cannot be a handler
	 * @throws DuplicateHandlerException when two handlers claim the same type
	 * @throws DuplicateAggregatorException when two aggregators claim the same groups
	 */
	@Override
	public void afterSingletonsInstantiated() {
		for (String bean : this.beans.getBeanNamesForType(Object.class, true, false)) {
			if (!ScopedProxyUtils.isScopedTarget(bean) && hasHandlers(bean)) {
				register(bean);
			}
		}
		this.beans.getBeansOfType(io.taskqueue.TaskAggregator.class).forEach(this::register);
		new QueueAdvice(this.properties).logFor(this.registry.all());
	}

	private boolean hasHandlers(String bean) {
		try {
			Class<?> type = targetClass(bean);
			return type != null && !AnnotatedMethods.of(type).isEmpty();
		}
		catch (RuntimeException | LinkageError ex) {
			// A bean whose class needs others that are not there; it cannot be made
			// either
			logger.debug("Bean '{}' was not searched for task handlers", bean, ex);
			return false;
		}
	}

	private @Nullable Class<?> targetClass(String bean) {
		Class<?> type = AutoProxyUtils.determineTargetClass(this.beans, bean);
		if (type == null) {
			return null;
		}
		if (ScopedObject.class.isAssignableFrom(type)) {
			return AutoProxyUtils.determineTargetClass(this.beans, ScopedProxyUtils.getTargetBeanName(bean));
		}
		// A proxy that Spring's own proxy creators do not know shows its target only
		// itself
		if (Proxy.isProxyClass(type) && this.beans.containsSingleton(bean) && !this.beans.isFactoryBean(bean)) {
			return AopProxyUtils.ultimateTargetClass(this.beans.getBean(bean));
		}
		return type;
	}

	private void register(String bean) {
		try {
			for (Handler handler : this.annotated.parse(this.beans.getBean(bean))) {
				this.registry.register(configured(handler, bean));
			}
			for (CronMethod task : this.cron.parse(this.beans.getBean(bean))) {
				Handler handler = configured(task.handler(), bean);
				this.cronTasks.add(task.definition(), handler.source());
				this.registry.register(handler);
			}
			for (Aggregator aggregator : this.annotatedAggregators.parse(this.beans.getBean(bean))) {
				this.aggregators.register(configured(aggregator, bean));
			}
		}
		catch (InvalidHandlerException ex) {
			throw new BeanCreationException(bean, String.valueOf(ex.getMessage()), ex);
		}
	}

	private void register(String bean, io.taskqueue.TaskAggregator aggregator) {
		try {
			this.aggregators.register(configured(Aggregator.of(aggregator), bean));
		}
		catch (InvalidHandlerException ex) {
			throw new BeanCreationException(bean, String.valueOf(ex.getMessage()), ex);
		}
	}

	private Aggregator configured(Aggregator aggregator, String bean) {
		String source = "%s (bean '%s')".formatted(aggregator.source(), bean);
		AggregatorProperties options = this.properties.aggregators().get(aggregator.name());
		if (options == null) {
			return aggregator.with(aggregator.queue(), aggregator.rules(), source);
		}
		return aggregator.with((options.queue() != null) ? options.queue() : aggregator.queue(),
				options.over(aggregator.rules()), source);
	}

	/** Two beans of one class are told apart by their names only. */
	private Handler configured(Handler handler, String bean) {
		HandlerProperties options = this.properties.handlers().get(handler.pattern());
		return new Handler(handler.pattern(), "%s (bean '%s')".formatted(handler.source(), bean),
				(options != null) ? configured(handler, options) : handler.policy(), handler.function());
	}

	private Handler.Policy configured(Handler handler, HandlerProperties options) {
		try {
			return options.over(handler.policy(), this.executors);
		}
		catch (IllegalArgumentException ex) {
			String property = "task-queue.handlers[%s].executor".formatted(handler.pattern());
			throw new InvalidHandlerException(handler.source(),
					"%s cannot be used: %s".formatted(property, ex.getMessage()),
					"Name an Executor bean, or remove the property", ex);
		}
	}

}
