package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.taskqueue.AggregationRules;
import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskAggregator;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Makes aggregators of annotated methods. Thread-safe.
 */
public final class AnnotatedAggregators {

	private final PayloadCodec codec;

	private final UnaryOperator<String> placeholders;

	/**
	 * Creates a parser.
	 * @param codec reads the payloads
	 * @param placeholders replaces placeholders such as <code>${name}</code> in the
	 * attributes
	 */
	public AnnotatedAggregators(PayloadCodec codec, UnaryOperator<String> placeholders) {
		this.codec = codec;
		this.placeholders = placeholders;
	}

	/** Tells whether a class may have annotated methods. */
	public static boolean isCandidate(Class<?> beanClass) {
		return AnnotationUtils.isCandidateClass(beanClass, TaskAggregator.class);
	}

	/**
	 * Returns the aggregators that a bean's methods declare with {@link TaskAggregator};
	 * empty where there are none.
	 * @param bean the bean as others see it, which may be a proxy
	 * @throws InvalidHandlerException naming the method, what is wrong with it and what
	 * to write instead
	 */
	public List<Aggregator> parse(Object bean) {
		Map<Method, TaskAggregator> methods = MethodIntrospector.selectMethods(HandlerMethod.targetClass(bean),
				(MethodIntrospector.MetadataLookup<TaskAggregator>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, TaskAggregator.class));
		List<Aggregator> aggregators = new ArrayList<>();
		methods
			.forEach((method, annotation) -> aggregators.add(aggregator(HandlerMethod.of(bean, method), annotation)));
		return aggregators;
	}

	private Aggregator aggregator(HandlerMethod method, TaskAggregator annotation) {
		String source = method.source();
		AttributeReader reader = new AttributeReader(this.placeholders, source);
		String pattern = reader.resolve("group", annotation.group());
		requirePattern(pattern, source);
		String queue = reader.read("queue", annotation.queue(), Function.identity());
		String name = Objects.requireNonNullElse(reader.read("name", annotation.name(), Function.identity()), pattern);
		String type = reader.read("type", annotation.type(), Function.identity());
		requireResult(method.method(), type, source);
		return new Aggregator(name, pattern, queue, rules(annotation, reader), source,
				MergeFunction.of(method, type, this.codec));
	}

	static void requirePattern(String pattern, String source) {
		int star = pattern.indexOf('*');
		if (pattern.isBlank() || (star >= 0 && star < pattern.length() - 1)) {
			throw new InvalidHandlerException(source,
					"the group \"%s\" is blank or has a * before its end".formatted(pattern),
					"Give a group's name or a prefix, as in @TaskAggregator(\"mail:*\")");
		}
	}

	private static void requireResult(Method method, @Nullable String type, String source) {
		Class<?> result = method.getReturnType();
		if (result == void.class || result == Void.class) {
			throw new InvalidHandlerException(source, "an aggregator returns nothing",
					"Return the payload of the merged task and give its type in @TaskAggregator, or return a TaskRequest");
		}
		if (TaskRequest.class.isAssignableFrom(result) == (type != null)) {
			throw (type != null)
					? new InvalidHandlerException(source, "it has a type but returns a TaskRequest, which has its own",
							"Remove the type from @TaskAggregator")
					: new InvalidHandlerException(source, "it returns a payload but no type is given for its task",
							"Give it, as in @TaskAggregator(group = \"mail:*\", type = \"mail.digest\"), or return a TaskRequest");
		}
	}

	private static AggregationRules rules(TaskAggregator annotation, AttributeReader reader) {
		AggregationRules rules = AggregationRules.STANDARD;
		AggregationRules sized = reader.read("maxSize", annotation.maxSize(),
				(text) -> rules.withMaxSize(AttributeReader.count(text)));
		AggregationRules delayed = reader.read("maxDelay", annotation.maxDelay(),
				(text) -> rules.withMaxDelay(DurationText.parse(text)));
		AggregationRules graced = reader.read("grace", annotation.grace(),
				(text) -> rules.withGrace(DurationText.parse(text)));
		return new AggregationRules(Objects.requireNonNullElse(sized, rules).maxSize(),
				Objects.requireNonNullElse(delayed, rules).maxDelay(),
				Objects.requireNonNullElse(graced, rules).grace());
	}

}
