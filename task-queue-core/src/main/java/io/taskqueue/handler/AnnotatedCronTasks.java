package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueException;
import io.taskqueue.annotation.CronTask;
import io.taskqueue.cron.CronTaskDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Makes cron tasks, and the handlers that run them, of annotated methods. Thread-safe.
 */
public final class AnnotatedCronTasks {

	private final AnnotatedHandlers handlers;

	private final UnaryOperator<String> placeholders;

	/**
	 * Creates a parser.
	 * @param codec reads the payloads
	 * @param placeholders replaces placeholders such as <code>${name}</code> in the
	 * attributes
	 */
	public AnnotatedCronTasks(PayloadCodec codec, UnaryOperator<String> placeholders) {
		this.handlers = new AnnotatedHandlers(codec, placeholders);
		this.placeholders = placeholders;
	}

	/** Tells whether a class may have annotated methods. */
	public static boolean isCandidate(Class<?> beanClass) {
		return AnnotationUtils.isCandidateClass(beanClass, CronTask.class);
	}

	/**
	 * A cron task and what runs it.
	 *
	 * @param definition the cron task
	 * @param handler what runs it
	 */
	public record CronMethod(CronTaskDefinition definition, Handler handler) {
	}

	/**
	 * Returns the cron tasks that a bean's methods declare with {@link CronTask}; empty
	 * where there are none.
	 * @param bean the bean as others see it, which may be a proxy
	 * @throws InvalidHandlerException naming the method, what is wrong with it and what
	 * to write instead
	 */
	public List<CronMethod> parse(Object bean) {
		Map<Method, CronTask> methods = MethodIntrospector.selectMethods(HandlerMethod.targetClass(bean),
				(MethodIntrospector.MetadataLookup<CronTask>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, CronTask.class));
		List<CronMethod> tasks = new ArrayList<>();
		methods.forEach((method, annotation) -> {
			String source = HandlerMethod.of(bean, method).source();
			CronTaskDefinition definition = definition(annotation, source);
			tasks.add(new CronMethod(definition, this.handlers.parse(bean, method, definition.type(),
					new Handler.Policy(TaskOptions.unset(), null, List.of(), 0))));
		});
		return tasks;
	}

	private CronTaskDefinition definition(CronTask annotation, String source) {
		String uuid = resolve(source, "uuid", annotation.uuid());
		List<String> expressions = Arrays.stream(annotation.expr())
			.map((expression) -> resolve(source, "expr", expression))
			.toList();
		Duration jitter = read(source, "jitter", annotation.jitter(), DurationText::parse);
		Boolean enabled = read(source, "enabled", annotation.enabled(), AnnotatedCronTasks::flag);
		ZoneId zone = read(source, "zone", annotation.zone(), AnnotatedCronTasks::zone);
		byte[] payload = read(source, "payload", annotation.payload(), (text) -> text.getBytes(StandardCharsets.UTF_8));
		String queue = read(source, "queue", annotation.queue(), Function.identity());
		Integer retry = read(source, "retry", annotation.retry(), AnnotatedCronTasks::number);
		Duration timeout = read(source, "timeout", annotation.timeout(), DurationText::parse);
		Duration retention = read(source, "retention", annotation.retention(), DurationText::parse);
		try {
			return new CronTaskDefinition(uuid, expressions, zone, uuid + ".cron", payload, queue, retry, timeout,
					retention, annotation.overlap(), annotation.misfire(), (jitter != null) ? jitter : Duration.ZERO,
					enabled == null || enabled);
		}
		catch (TaskQueueException ex) {
			throw new InvalidHandlerException(source, withoutStop(ex), "Correct the attributes of @CronTask", ex);
		}
	}

	private static String withoutStop(RuntimeException ex) {
		String message = String.valueOf(ex.getMessage());
		return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
	}

	private static int number(String text) {
		try {
			return Integer.parseInt(text);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'%s' is not a whole number".formatted(text), ex);
		}
	}

	private static Boolean flag(String text) {
		if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
			throw new IllegalArgumentException("'%s' is neither true nor false".formatted(text));
		}
		return Boolean.valueOf(text);
	}

	private static ZoneId zone(String text) {
		try {
			return ZoneId.of(text);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("there is no zone '%s'".formatted(text), ex);
		}
	}

	private <T> @Nullable T read(String source, String name, String text, Function<String, T> parse) {
		String resolved = resolve(source, name, text).strip();
		try {
			return resolved.isEmpty() ? null : parse.apply(resolved);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(source, name, text, ex);
		}
	}

	private String resolve(String source, String name, String text) {
		try {
			return this.placeholders.apply(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(source, name, text, ex);
		}
	}

	private static InvalidHandlerException invalid(String source, String name, String text,
			IllegalArgumentException cause) {
		return new InvalidHandlerException(source,
				"%s = \"%s\" cannot be read: %s".formatted(name, text, cause.getMessage()),
				"Correct the attribute of @CronTask or the property behind it", cause);
	}

}
