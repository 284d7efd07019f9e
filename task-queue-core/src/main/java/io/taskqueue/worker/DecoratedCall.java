package io.taskqueue.worker;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Calls something through a decorator of runnables, as if it were called directly.
 *
 * @param decorator wraps what is called
 */
record DecoratedCall(UnaryOperator<Runnable> decorator) {

	@Nullable Object call(Callable<@Nullable Object> work) throws Throwable {
		FutureTask<@Nullable Object> task = new FutureTask<>(work);
		this.decorator.apply(task).run();
		if (!task.isDone()) {
			throw new IllegalStateException("the task decorator has not run the task on the thread that called it");
		}
		try {
			return task.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

}
