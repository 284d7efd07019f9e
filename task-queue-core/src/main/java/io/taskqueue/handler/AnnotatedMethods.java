package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.util.Set;

import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskAggregator;
import io.taskqueue.annotation.TaskHandler;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Finds the methods of a class that are annotated with {@link TaskHandler},
 * {@link CronTask} or {@link TaskAggregator}.
 */
public final class AnnotatedMethods {

	private AnnotatedMethods() {
	}

	/**
	 * Returns the methods that are annotated on the class, its superclasses or its
	 * interfaces.
	 * @param beanClass the class of a bean, not of its proxy
	 */
	public static Set<Method> of(Class<?> beanClass) {
		if (!AnnotatedHandlers.isCandidate(beanClass) && !AnnotatedCronTasks.isCandidate(beanClass)
				&& !AnnotatedAggregators.isCandidate(beanClass)) {
			return Set.of();
		}
		return MethodIntrospector
			.selectMethods(beanClass, (MetadataLookup<Boolean>) (method) -> isAnnotated(method) ? true : null)
			.keySet();
	}

	private static boolean isAnnotated(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, TaskHandler.class)
				|| AnnotatedElementUtils.hasAnnotation(method, CronTask.class)
				|| AnnotatedElementUtils.hasAnnotation(method, TaskAggregator.class);
	}

}
