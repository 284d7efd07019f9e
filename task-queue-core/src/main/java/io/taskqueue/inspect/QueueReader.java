package io.taskqueue.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.taskqueue.TaskState;
import io.taskqueue.broker.InspectBroker.Figures;
import org.jspecify.annotations.Nullable;

/**
 * Makes a queue's figures of what is stored.
 */
final class QueueReader {

	private QueueReader() {
	}

	static QueueInfo read(String queue, boolean registered, Figures figures, Instant now) {
		Map<TaskState, Long> sizes = figures.sizes();
		Count aggregating = aggregating(figures);
		long size = sizes.values().stream().mapToLong(Long::longValue).sum() + aggregating.value();
		List<String> problems = figures.foreign()
			.entrySet()
			.stream()
			.map((entry) -> "%s holds a %s, which does not belong there".formatted(entry.getKey(), entry.getValue()))
			.toList();
		return new QueueInfo(queue, registered, new Count(size, aggregating.exact()),
				sizes.getOrDefault(TaskState.PENDING, 0L), sizes.getOrDefault(TaskState.ACTIVE, 0L),
				sizes.getOrDefault(TaskState.SCHEDULED, 0L), sizes.getOrDefault(TaskState.RETRY, 0L),
				sizes.getOrDefault(TaskState.ARCHIVED, 0L), sizes.getOrDefault(TaskState.COMPLETED, 0L), aggregating,
				figures.groups(), figures.today().processed(), figures.today().failed(), figures.total().processed(),
				figures.total().failed(), figures.paused() != null, Times.ofText(figures.paused()),
				latency(figures.nextPendingSince(), now), problems, now);
	}

	private static Count aggregating(Figures figures) {
		if (figures.sampledGroups() >= figures.groups()) {
			return new Count(figures.sampledTasks(), true);
		}
		double average = (double) figures.sampledTasks() / figures.sampledGroups();
		return new Count(Math.round(average * figures.groups()), false);
	}

	/** Never negative: the clocks of producers may be ahead. */
	private static Duration latency(@Nullable Instant since, Instant now) {
		return (since != null && since.isBefore(now)) ? Duration.between(since, now) : Duration.ZERO;
	}

}
