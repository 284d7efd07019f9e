package io.taskqueue.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a bean's method.
 */
record MethodFunction(Object bean, Method method, List<Argument> arguments) implements Handler.Function {

	@Override
	public @Nullable Object handle(TaskContext task) throws Exception {
		@Nullable Object[] values = new Object[this.arguments.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.arguments.get(i).of(task);
		}
		try {
			return this.method.invoke(this.bean, values);
		}
		catch (InvocationTargetException ex) {
			Throwable cause = ex.getCause();
			if (cause instanceof Error error) {
				throw error;
			}
			throw (cause instanceof Exception exception) ? exception : ex;
		}
	}

}
