package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.taskqueue.PayloadCodec;
import io.taskqueue.annotation.TaskHandler;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Makes handlers of annotated methods. Everything that can be wrong with a method is
 * found here, once; running it afterwards looks nothing up. Thread-safe.
 */
public final class AnnotatedHandlers {

	private final PayloadCodec codec;

	private final UnaryOperator<String> placeholders;

	private final Function<String, Executor> executors;

	/**
	 * Creates a parser.
	 * @param codec reads the payloads
	 * @param placeholders replaces placeholders such as <code>${name}</code> in the
	 * attributes; an {@link IllegalArgumentException} of it is reported with the method
	 */
	public AnnotatedHandlers(PayloadCodec codec, UnaryOperator<String> placeholders) {
		this(codec, placeholders, (name) -> {
			throw new IllegalArgumentException("there are no executors to choose from");
		});
	}

	/**
	 * Creates a parser that knows executors.
	 * @param codec reads the payloads
	 * @param placeholders replaces placeholders such as <code>${name}</code> in the
	 * attributes; an {@link IllegalArgumentException} of it is reported with the method
	 * @param executors returns the executor of a name; an
	 * {@link IllegalArgumentException} of it is reported with the method
	 */
	public AnnotatedHandlers(PayloadCodec codec, UnaryOperator<String> placeholders,
			Function<String, Executor> executors) {
		this.executors = executors;
		this.codec = codec;
		this.placeholders = placeholders;
	}

	/**
	 * Tells whether a class may have annotated methods, without looking at its methods: a
	 * cheap first look.
	 */
	public static boolean isCandidate(Class<?> beanClass) {
		return AnnotationUtils.isCandidateClass(beanClass, TaskHandler.class);
	}

	/**
	 * Returns the handlers that a bean's methods declare with {@link TaskHandler}, on the
	 * class, its superclasses or its interfaces; empty where there are none.
	 * @param bean the bean as others see it, which may be a proxy: it will be called
	 * through
	 * @throws InvalidHandlerException naming the method, what is wrong with it and what
	 * to write instead
	 */
	public List<Handler> parse(Object bean) {
		Map<Method, TaskHandler> methods = MethodIntrospector.selectMethods(HandlerMethod.targetClass(bean),
				(MethodIntrospector.MetadataLookup<TaskHandler>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, TaskHandler.class));
		List<Handler> handlers = new ArrayList<>();
		methods.forEach((method, annotation) -> {
			HandlerMethod handlerMethod = HandlerMethod.of(bean, method);
			HandlerAttributes attributes = new HandlerAttributes(annotation, this.placeholders, this.executors,
					handlerMethod.source());
			handlers.add(handler(handlerMethod, attributes.pattern(), attributes.policy()));
		});
		return handlers;
	}

	/**
	 * Makes a handler of a method that something other than {@link TaskHandler} names.
	 * @param bean the bean as others see it, which may be a proxy
	 * @param method a method of the bean's class, a superclass or an interface
	 * @param pattern the task type or prefix, as {@link TaskHandler#type()} allows it
	 * @param policy how its tasks are enqueued and retried
	 * @throws InvalidHandlerException naming the method, what is wrong with it and what
	 * to write instead
	 */
	public Handler parse(Object bean, Method method, String pattern, Handler.Policy policy) {
		return handler(HandlerMethod.of(bean, method), pattern, policy);
	}

	private Handler handler(HandlerMethod method, String pattern, Handler.Policy policy) {
		String source = method.source();
		requireType(pattern, source);
		Method invocable = method.invocable();
		List<Argument> arguments = HandlerArguments.parse(method.method(), method.targetClass(), source, this.codec);
		return new Handler(pattern, source, policy, new MethodFunction(method.bean(), invocable, arguments));
	}

	private static void requireType(String type, String source) {
		if (type.isBlank()) {
			throw new InvalidHandlerException(source, "the task type is blank",
					"Name it, as in @TaskHandler(\"email:send\")");
		}
		if (!type.equals(type.strip()) || type.chars()
			.anyMatch((character) -> character == '{' || character == '}' || Character.isISOControl(character))) {
			throw new InvalidHandlerException(source,
					"the task type \"%s\" begins or ends with white space, or holds braces or control characters"
						.formatted(type),
					"Use letters, digits and :./_- as in @TaskHandler(\"email:send\")");
		}
	}

}
