package io.taskqueue.autoconfigure;

import io.taskqueue.HandlerControl;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.inspect.TaskInspector;

/**
 * The beans that examples of the manual take for granted, by the names that they have
 * there. For the compiler only.
 */
public abstract class ManualBeans {

	protected TaskTemplate taskTemplate;

	protected TaskInspector inspector;

	protected HandlerControl handlerControl;

	protected HandlerRegistry handlerRegistry;

	protected CronTaskRegistry cronTasks;

}
