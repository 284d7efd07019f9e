package io.taskqueue.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.taskqueue.GroupedTask;
import io.taskqueue.PayloadCodec;
import io.taskqueue.PayloadException;
import io.taskqueue.TaskRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;

/**
 * Calls a bean's method to merge tasks.
 */
final class MergeFunction implements Aggregator.Function {

	private final HandlerMethod target;

	private final Method method;

	private final @Nullable String type;

	private final PayloadCodec codec;

	private final Type payload;

	/** Whether the list holds tasks and not bare payloads. */
	private final boolean ofTasks;

	private MergeFunction(HandlerMethod target, @Nullable String type, PayloadCodec codec, Type element) {
		this.target = target;
		this.method = target.invocable();
		this.type = type;
		this.codec = codec;
		this.ofTasks = rawType(element) == GroupedTask.class;
		this.payload = this.ofTasks ? argument(element, target) : element;
	}

	/**
	 * Parses the method's parameters.
	 * @param type the type of the merged task; {@code null} where the method returns a
	 * request
	 * @throws InvalidHandlerException naming the first parameter that cannot be given
	 */
	static MergeFunction of(HandlerMethod target, @Nullable String type, PayloadCodec codec) {
		Type element = null;
		int names = 0;
		Type[] parameters = target.method().getGenericParameterTypes();
		for (int i = 0; i < parameters.length; i++) {
			Type parameter = GenericTypeResolver.resolveType(parameters[i], target.targetClass());
			if (parameter == String.class && names++ == 0) {
				continue;
			}
			if (element != null || rawType(parameter) != List.class || parameter == List.class) {
				throw invalid(target, "parameter %d (%s) cannot be given".formatted(i, parameter.getTypeName()));
			}
			element = argument(parameter, target);
		}
		if (element == null) {
			throw invalid(target, "it does not take the tasks");
		}
		return new MergeFunction(target, type, codec, element);
	}

	@Override
	public @Nullable TaskRequest merge(String group, List<GroupedTask<byte[]>> tasks) throws Exception {
		List<?> elements = read(tasks);
		Object[] values = new Object[this.method.getParameterCount()];
		for (int i = 0; i < values.length; i++) {
			values[i] = (this.method.getParameterTypes()[i] == String.class) ? group : elements;
		}
		Object merged = invoke(values);
		if (merged instanceof TaskRequest request) {
			return request;
		}
		return (merged != null && this.type != null) ? TaskRequest.of(this.type, merged) : null;
	}

	private List<?> read(List<GroupedTask<byte[]>> tasks) {
		List<@Nullable Object> elements = new ArrayList<>(tasks.size());
		Map<String, PayloadException> errors = new LinkedHashMap<>();
		for (GroupedTask<byte[]> task : tasks) {
			try {
				byte[] bytes = task.payload();
				Object read = this.codec.decode((bytes != null) ? bytes : new byte[0], this.payload);
				elements.add(this.ofTasks ? new GroupedTask<>(task.id(), task.type(), read, task.headers()) : read);
			}
			catch (PayloadException ex) {
				errors.put(task.id(), ex);
			}
		}
		if (!errors.isEmpty()) {
			throw new UnreadableTasksException(this.target.source(), errors);
		}
		return Collections.unmodifiableList(elements);
	}

	private @Nullable Object invoke(Object[] values) throws Exception {
		try {
			return this.method.invoke(this.target.bean(), values);
		}
		catch (InvocationTargetException ex) {
			Throwable cause = ex.getCause();
			if (cause instanceof Error error) {
				throw error;
			}
			throw (cause instanceof Exception exception) ? exception : ex;
		}
	}

	private static @Nullable Type rawType(Type type) {
		return (type instanceof ParameterizedType parameterized) ? parameterized.getRawType() : type;
	}

	private static Type argument(Type type, HandlerMethod target) {
		Type argument = (type instanceof ParameterizedType parameterized) ? parameterized.getActualTypeArguments()[0]
				: Object.class;
		Type bound = (argument instanceof WildcardType wildcard) ? wildcard.getUpperBounds()[0] : argument;
		if (bound instanceof TypeVariable) {
			throw invalid(target,
					"%s holds a type variable that its class does not bind".formatted(type.getTypeName()));
		}
		return bound;
	}

	private static InvalidHandlerException invalid(HandlerMethod target, String problem) {
		return new InvalidHandlerException(target.source(), problem,
				"An aggregator takes one List of payloads, such as List<Mail>, or of GroupedTask<Mail>, "
						+ "and may take the group's name as a String");
	}

}
