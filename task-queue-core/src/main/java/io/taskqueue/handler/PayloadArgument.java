package io.taskqueue.handler;

import java.lang.reflect.Type;

import io.taskqueue.PayloadCodec;
import io.taskqueue.PayloadException;
import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * The payload, read as the type that the method asks for.
 */
record PayloadArgument(PayloadCodec codec, Type type, String source) implements Argument {

	@Override
	public @Nullable Object of(TaskContext task) {
		Object payload = read(task);
		if (payload == null && this.type instanceof Class<?> raw && raw.isPrimitive()) {
			throw new PayloadException(
					"%s has no payload, but handler %s takes %s. Enqueue it with one, or declare a type that can be null"
						.formatted(describe(task), this.source, raw.getName()),
					null);
		}
		return payload;
	}

	private @Nullable Object read(TaskContext task) {
		try {
			return this.codec.decode(task.payload(), this.type);
		}
		catch (PayloadException ex) {
			throw new PayloadException(
					"%s does not fit handler %s: %s".formatted(describe(task), this.source, ex.getMessage()), ex);
		}
	}

	private static String describe(TaskContext task) {
		return "Task %s of type '%s' in queue '%s' (attempt %d)".formatted(task.id(), task.type(), task.queue(),
				task.retried() + 1);
	}

}
