package io.taskqueue.handler;

import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Where one argument of a handler method comes from.
 */
@FunctionalInterface
interface Argument {

	@Nullable Object of(TaskContext task);

}
