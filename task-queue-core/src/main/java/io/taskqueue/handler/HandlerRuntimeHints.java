package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;

import io.taskqueue.GroupedTask;
import io.taskqueue.Task;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskRequest;

import org.springframework.aop.support.AopUtils;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Tells what a native image must keep of a bean's class for its annotated methods: the
 * methods, and the types that their payloads and results are read and written as.
 */
public final class HandlerRuntimeHints {

	/** What carries payloads but is not read itself. */
	private static final Set<Class<?>> CARRIERS = Set.of(Task.class, GroupedTask.class, List.class);

	/** What is neither read nor written. */
	private static final Set<Class<?>> OWN = Set.of(TaskContext.class, TaskRequest.class);

	private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

	private HandlerRuntimeHints() {
	}

	/**
	 * Registers what the annotated methods of a class need.
	 * @param beanClass the class of a bean, which may bind type variables of the methods
	 */
	public static void register(ReflectionHints hints, Class<?> beanClass) {
		for (Method method : AnnotatedMethods.of(beanClass)) {
			Method specific = AopUtils.getMostSpecificMethod(method, beanClass);
			registerInvocation(hints, specific, beanClass);
			for (Type type : specific.getGenericParameterTypes()) {
				registerPayload(hints, resolve(type, beanClass));
			}
			registerPayload(hints, resolve(specific.getGenericReturnType(), beanClass));
		}
	}

	/**
	 * The annotation may be on a method that is overridden, as may what a proxy calls.
	 */
	private static void registerInvocation(ReflectionHints hints, Method specific, Class<?> beanClass) {
		for (Class<?> type : hierarchy(beanClass)) {
			for (Method candidate : type.getDeclaredMethods()) {
				if (candidate.getName().equals(specific.getName())
						&& AopUtils.getMostSpecificMethod(candidate, beanClass).equals(specific)) {
					hints.registerMethod(candidate, ExecutableMode.INVOKE);
				}
			}
		}
	}

	private static Set<Class<?>> hierarchy(Class<?> beanClass) {
		Set<Class<?>> types = ClassUtils.getAllInterfacesForClassAsSet(beanClass);
		for (Class<?> type = beanClass; type != null && type != Object.class; type = type.getSuperclass()) {
			types.add(type);
		}
		return types;
	}

	private static Type resolve(Type type, Class<?> beanClass) {
		Type bound = GenericTypeResolver.getTypeVariableMap(beanClass).get(type);
		return GenericTypeResolver.resolveType((bound != null) ? bound : type, beanClass);
	}

	private static void registerPayload(ReflectionHints hints, Type type) {
		ResolvableType resolvable = ResolvableType.forType(type);
		Class<?> raw = resolvable.resolve();
		if (raw == null || OWN.contains(raw)) {
			return;
		}
		if (CARRIERS.contains(raw)) {
			for (ResolvableType generic : resolvable.getGenerics()) {
				registerPayload(hints, generic.getType());
			}
			return;
		}
		BINDING.registerReflectionHints(hints, type);
	}

}
