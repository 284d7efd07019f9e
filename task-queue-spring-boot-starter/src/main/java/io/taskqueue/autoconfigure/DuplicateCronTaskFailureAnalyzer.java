package io.taskqueue.autoconfigure;

import io.taskqueue.cron.DuplicateCronTaskException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that two cron tasks have the same uuid.
 */
final class DuplicateCronTaskFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateCronTaskException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateCronTaskException cause) {
		return new FailureAnalysis("""
				Two cron tasks have the uuid '%s':

				    - %s
				    - %s""".formatted(cause.uuid(), cause.first(), cause.second()),
				"Remove one of them, or give it another uuid.", cause);
	}

}
