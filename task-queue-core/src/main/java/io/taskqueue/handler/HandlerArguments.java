package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.taskqueue.PayloadCodec;
import io.taskqueue.Task;
import io.taskqueue.TaskContext;
import io.taskqueue.annotation.Header;
import io.taskqueue.annotation.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedMethod;

/**
 * Decides once for each parameter of a handler method where its arguments come from.
 */
final class HandlerArguments {

	private static final ResolvableType ALL_HEADERS = ResolvableType.forClassWithGenerics(Map.class, String.class,
			String.class);

	private final Class<?> targetClass;

	private final String source;

	private final PayloadCodec codec;

	private @Nullable Integer payloadIndex;

	private HandlerArguments(Class<?> targetClass, String source, PayloadCodec codec) {
		this.targetClass = targetClass;
		this.source = source;
		this.codec = codec;
	}

	/**
	 * Parses the parameters.
	 * @param targetClass the bean's class, which may bind the method's type variables
	 * @throws InvalidHandlerException naming the first parameter that cannot be given
	 */
	static List<Argument> parse(Method method, Class<?> targetClass, String source, PayloadCodec codec) {
		HandlerArguments parser = new HandlerArguments(targetClass, source, codec);
		List<Argument> arguments = new ArrayList<>();
		// Also finds the annotations of the parameters of an interface's method
		for (MethodParameter parameter : new AnnotatedMethod(method).getMethodParameters()) {
			arguments.add(parser.parse(parameter));
		}
		return List.copyOf(arguments);
	}

	private Argument parse(MethodParameter parameter) {
		Type type = typeOf(parameter);
		ResolvableType resolvable = ResolvableType.forType(type);
		Header header = parameter.getParameterAnnotation(Header.class);
		if (header != null) {
			return header(parameter, type, header.value());
		}
		if (parameter.hasParameterAnnotation(Headers.class)) {
			return headers(parameter, type, resolvable);
		}
		if (type == TaskContext.class) {
			return (task) -> task;
		}
		if (resolvable.resolve() == Task.class) {
			Argument payload = payload(parameter,
					(type instanceof ParameterizedType task) ? task.getActualTypeArguments()[0] : Object.class);
			return (task) -> new Task<>(payload.of(task), task);
		}
		return payload(parameter, type);
	}

	private Type typeOf(MethodParameter parameter) {
		Type declared = parameter.getGenericParameterType();
		// By itself resolveType would make a plain List of a T that is List<Foo>
		Type bound = GenericTypeResolver.getTypeVariableMap(this.targetClass).get(declared);
		return GenericTypeResolver.resolveType((bound != null) ? bound : declared, this.targetClass);
	}

	private Argument header(MethodParameter parameter, Type type, String name) {
		if (type != String.class) {
			throw invalid(parameter, type, "is annotated with @Header", "Declare it as String");
		}
		if (name.isBlank()) {
			throw invalid(parameter, type, "is annotated with @Header(\"\")", "Give the header's name");
		}
		return (task) -> task.headers().get(name);
	}

	private Argument headers(MethodParameter parameter, Type type, ResolvableType resolvable) {
		if (resolvable.resolve() != Map.class || !resolvable.isAssignableFrom(ALL_HEADERS)) {
			throw invalid(parameter, type, "is annotated with @Headers", "Declare it as Map<String, String>");
		}
		return TaskContext::headers;
	}

	private Argument payload(MethodParameter parameter, Type declared) {
		Type type = (declared instanceof WildcardType wildcard) ? wildcard.getUpperBounds()[0] : declared;
		if (type instanceof TypeVariable) {
			throw invalid(parameter, type,
					"is a type variable that %s does not bind".formatted(this.targetClass.getName()),
					"Declare a concrete type, or extend the generic class with one");
		}
		if (this.payloadIndex != null) {
			throw invalid(parameter, type, "is a second payload beside parameter %d".formatted(this.payloadIndex),
					"A handler takes one payload, bare or in Task<T>: put all values into one record, "
							+ "or annotate headers with @Header or @Headers");
		}
		this.payloadIndex = parameter.getParameterIndex();
		return new PayloadArgument(this.codec, type, this.source);
	}

	private InvalidHandlerException invalid(MethodParameter parameter, Type type, String problem, String fix) {
		return new InvalidHandlerException(this.source,
				"parameter %d (%s) %s".formatted(parameter.getParameterIndex(), type.getTypeName(), problem), fix);
	}

}
