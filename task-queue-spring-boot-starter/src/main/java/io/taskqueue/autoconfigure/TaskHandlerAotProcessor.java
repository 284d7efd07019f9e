package io.taskqueue.autoconfigure;

import io.taskqueue.handler.AnnotatedMethods;
import io.taskqueue.handler.HandlerRuntimeHints;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * Has native images keep the annotated methods of beans and the types of their payloads.
 * They are found again when the application starts, as on the JVM.
 */
final class TaskHandlerAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		if (!hasHandlers(type)) {
			return null;
		}
		return (context, code) -> HandlerRuntimeHints.register(context.getRuntimeHints().reflection(), type);
	}

	private static boolean hasHandlers(Class<?> type) {
		try {
			return !AnnotatedMethods.of(type).isEmpty();
		}
		catch (LinkageError ex) {
			// It needs classes that are not there, so it is not made either
			return false;
		}
	}

}
