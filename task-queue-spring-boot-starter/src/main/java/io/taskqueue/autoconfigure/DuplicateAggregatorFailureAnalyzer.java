package io.taskqueue.autoconfigure;

import io.taskqueue.handler.DuplicateAggregatorException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that two aggregators claim the same groups.
 */
final class DuplicateAggregatorFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateAggregatorException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateAggregatorException cause) {
		return new FailureAnalysis("""
				Two aggregators are declared for group '%s':

				    - %s
				    - %s""".formatted(cause.pattern(), cause.first(), cause.second()),
				"Remove one of them, or give it another group, a longer prefix or a queue.", cause);
	}

}
