package io.taskqueue.handler;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskOptions;
import io.taskqueue.annotation.TaskHandler;

/**
 * Reads the attributes of {@link TaskHandler}.
 */
final class HandlerAttributes {

	private final TaskHandler annotation;

	private final AttributeReader reader;

	private final Function<String, Executor> executors;

	HandlerAttributes(TaskHandler annotation, UnaryOperator<String> placeholders, Function<String, Executor> executors,
			String source) {
		this.annotation = annotation;
		this.executors = executors;
		this.reader = new AttributeReader(placeholders, source);
	}

	String pattern() {
		return this.reader.resolve("type", this.annotation.type());
	}

	Handler.Policy policy() {
		TaskOptions defaults = TaskOptions.unset();
		String queue = this.reader.read("queue", this.annotation.queue(), Function.identity());
		if (queue != null) {
			defaults = defaults.withQueue(queue);
		}
		Integer retry = this.reader.read("retry", this.annotation.retry(), AttributeReader::count);
		if (retry != null) {
			defaults = defaults.withRetry(retry);
		}
		var timeout = this.reader.read("timeout", this.annotation.timeout(), DurationText::parse);
		if (timeout != null) {
			defaults = defaults.withTimeout(timeout);
		}
		var retention = this.reader.read("retention", this.annotation.retention(), DurationText::parse);
		if (retention != null) {
			defaults = defaults.withRetention(retention);
		}
		RetryDelay backoff = this.reader.read("backoff", this.annotation.backoff(), Backoff::parse);
		Integer concurrency = this.reader.read("concurrency", this.annotation.concurrency(), AttributeReader::count);
		Integer total = this.reader.read("totalConcurrency", this.annotation.totalConcurrency(),
				AttributeReader::count);
		Executor executor = this.reader.read("executor", this.annotation.executor(), this.executors);
		return new Handler.Policy(defaults, backoff, List.of(this.annotation.noRetryFor()),
				(concurrency != null) ? concurrency : 0, (total != null) ? total : 0, executor);
	}

}
