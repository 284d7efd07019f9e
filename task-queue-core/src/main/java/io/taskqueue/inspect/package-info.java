/**
 * Looks into queues, tasks, workers and schedules, ours and asynq's.
 * {@link io.taskqueue.inspect.TaskInspector} is the way in.
 */
@NullMarked
package io.taskqueue.inspect;

import org.jspecify.annotations.NullMarked;
