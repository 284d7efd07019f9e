package io.taskqueue.autoconfigure;

import io.taskqueue.handler.DuplicateHandlerException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that two handlers claim the same task type.
 */
final class DuplicateHandlerFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateHandlerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateHandlerException cause) {
		return new FailureAnalysis("""
				Two task handlers are declared for task type '%s':

				    - %s
				    - %s""".formatted(cause.type(), cause.first(), cause.second()),
				"Remove one of them, or give it another type. A longer type is possible: of '%s' and '%s:urgent', the closer one runs a task."
					.formatted(cause.type(), cause.type()),
				cause);
	}

}
