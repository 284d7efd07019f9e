package io.taskqueue.autoconfigure;

import io.taskqueue.handler.InvalidHandlerException;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains why an annotated method cannot be a task handler.
 */
final class InvalidHandlerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidHandlerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidHandlerException cause) {
		BeanCreationException bean = findCause(rootFailure, BeanCreationException.class);
		String where = (bean != null) ? " of bean '%s'".formatted(bean.getBeanName()) : "";
		return new FailureAnalysis(
				"The method %s%s cannot be a task handler: %s.".formatted(cause.source(), where, cause.problem()),
				cause.fix() + ".", cause);
	}

}
