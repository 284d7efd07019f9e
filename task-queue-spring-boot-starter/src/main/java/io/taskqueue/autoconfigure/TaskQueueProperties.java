package io.taskqueue.autoconfigure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requireQueue;

/**
 * Everything under {@code task-queue}. Values out of range are refused when they are
 * bound, with a message that names the property.
 *
 * @param enabled whether tasks are enqueued and worked on at all
 * @param namespace separates what applications keep beside their queues in one Redis;
 * unset: spring.application.name, or else 'default'
 * @param defaultQueue the queue of tasks for which nothing else names one, and the one
 * that is worked on unless task-queue.worker.queues names others
 * @param defaults how tasks are enqueued unless the call, task-queue.handlers or the
 * annotation say otherwise
 * @param client how tasks are sent to Redis
 * @param redis the connections that task queues make for themselves
 * @param archive how much the archive of a queue keeps
 * @param worker how tasks are worked on
 * @param scheduler how cron tasks are fired
 * @param cron cron tasks
 * @param handlers options by task type or by the type that a handler is declared for;
 * they win over the annotation. Types with dots are written in brackets:
 * handlers[login.failed].retry
 */
@ConfigurationProperties("task-queue")
record TaskQueueProperties(@DefaultValue("true") boolean enabled, @Nullable String namespace,
		@DefaultValue("default") String defaultQueue,
		@DefaultValue @NestedConfigurationProperty TaskDefaultsProperties defaults,
		@DefaultValue @NestedConfigurationProperty ClientProperties client,
		@DefaultValue @NestedConfigurationProperty ConnectionProperties redis,
		@DefaultValue @NestedConfigurationProperty ArchiveProperties archive,
		@DefaultValue @NestedConfigurationProperty WorkerProperties worker,
		@DefaultValue @NestedConfigurationProperty SchedulerProperties scheduler, @DefaultValue Cron cron,
		@DefaultValue Map<String, HandlerProperties> handlers) {

	TaskQueueProperties {
		requireQueue("default-queue", defaultQueue);
		require(namespace == null || namespace.matches("[^{}]*[^{}\\s][^{}]*"), "namespace", namespace,
				"must not be blank or contain braces");
		handlers.forEach((type, options) -> options.check("handlers[" + type + "]"));
		handlers = Collections.unmodifiableMap(new LinkedHashMap<>(handlers));
	}

	/**
	 * Cron tasks.
	 *
	 * @param tasks cron tasks by uuid; for those of @CronTask methods, what wins over the
	 * annotation. Uuids with dots are written in brackets: cron.tasks[report.daily].expr
	 */
	record Cron(@DefaultValue Map<String, CronTaskProperties> tasks) {

		Cron {
			tasks.forEach((uuid, options) -> options.check(uuid));
			tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
		}

	}

}
