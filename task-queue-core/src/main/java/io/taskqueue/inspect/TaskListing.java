package io.taskqueue.inspect;

import java.util.List;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.TaskState;
import io.taskqueue.broker.InspectBroker;
import io.taskqueue.broker.InspectBroker.After;
import io.taskqueue.broker.InspectBroker.Part;
import io.taskqueue.broker.StoredTask;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of tasks. Where tasks are sorted, the next page begins after the last one
 * of this page, so that tasks that leave meanwhile hide none of the others; lists are
 * counted off from the end that runs first.
 */
final class TaskListing {

	private TaskListing() {
	}

	static Listing<TaskDetails> read(InspectBroker broker, TaskReader reader, String queue, TaskState state,
			@Nullable String group, Paging paging) {
		boolean sorted = state != TaskState.PENDING && state != TaskState.ACTIVE;
		After after = (paging.after() != null) ? after(paging.after(), sorted) : null;
		InspectBroker.Tasks tasks = broker.tasks(queue, state, group, new Part(paging.offset(), paging.size(), after));
		if (tasks.total() == 0 && !broker.exists(queue)) {
			throw new QueueNotFoundException(queue);
		}
		List<TaskDetails> items = tasks.tasks().stream().map((stored) -> reader.listed(stored, state)).toList();
		return new Listing<>(items, tasks.total(), next(tasks, sorted, paging));
	}

	private static @Nullable Paging next(InspectBroker.Tasks tasks, boolean sorted, Paging paging) {
		List<StoredTask> page = tasks.tasks();
		if (page.isEmpty() || tasks.first() + page.size() >= tasks.total()) {
			return null;
		}
		StoredTask last = page.get(page.size() - 1);
		return sorted ? paging.continueAfter(last.score() + ":" + last.id()) : paging.skip(page.size());
	}

	private static After after(String position, boolean sorted) {
		int colon = position.indexOf(':');
		if (!sorted || colon < 0 || !isNumber(position.substring(0, colon))) {
			throw new IllegalArgumentException("'%s' is no position in this listing".formatted(position));
		}
		return new After(position.substring(0, colon), position.substring(colon + 1));
	}

	private static boolean isNumber(String text) {
		try {
			return !Double.isNaN(Double.parseDouble(text));
		}
		catch (NumberFormatException ex) {
			return text.equals("inf") || text.equals("-inf");
		}
	}

}
