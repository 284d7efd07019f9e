package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything this library throws. The kinds below it are split by what the caller
 * can do: mend the request ({@link InvalidTaskException}) or the cron expression
 * ({@link InvalidCronExpressionException}), decide about an existing task
 * ({@link TaskConflictException}), accept that there is none
 * ({@link QueueNotFoundException}, {@link TaskNotFoundException}) or that it is in
 * another state ({@link QueueStateException}, {@link TaskStateException}), try again
 * later ({@link TaskQueueUnavailableException}) or mend the set-up
 * ({@link TaskQueueRefusedException}).
 */
public abstract class TaskQueueException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	protected TaskQueueException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
