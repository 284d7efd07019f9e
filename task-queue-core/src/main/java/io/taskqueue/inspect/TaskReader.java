package io.taskqueue.inspect;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.StoredTask;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * Makes a task of what is stored of it, whatever that is.
 */
final class TaskReader {

	/** Others have no score, or lose it while they are aggregated. */
	private static final Set<TaskState> UNMISTAKABLE = EnumSet.of(TaskState.SCHEDULED, TaskState.RETRY,
			TaskState.ARCHIVED, TaskState.COMPLETED);

	private final Clock clock;

	TaskReader(Clock clock) {
		this.clock = clock;
	}

	/** Reads a task that was listed in a state. */
	TaskDetails listed(StoredTask stored, TaskState state) {
		String problem = null;
		if (stored.state() != null && !stored.state().equals(state.wireName())) {
			problem = "it is listed as %s, but says that it is %s".formatted(state.wireName(), stored.state());
		}
		return read(stored, state, problem);
	}

	/** Reads a task that was found by its id. */
	TaskDetails found(StoredTask stored) {
		TaskState state = state(stored.state());
		String problem = null;
		if (state == null) {
			problem = (stored.state() != null) ? "its state '%s' is none of asynq's".formatted(stored.state())
					: "it has no state";
		}
		else if (stored.score() == null && UNMISTAKABLE.contains(state)) {
			problem = "it says that it is %s, but is not listed there".formatted(state.wireName());
		}
		return read(stored, state, problem);
	}

	private static @Nullable TaskState state(@Nullable String name) {
		for (TaskState state : TaskState.values()) {
			if (state.wireName().equals(name)) {
				return state;
			}
		}
		return null;
	}

	private TaskDetails read(StoredTask stored, @Nullable TaskState state, @Nullable String found) {
		TaskMessage message = null;
		String problem = found;
		if (stored.foreign() != null) {
			problem = "a %s is stored in place of the task".formatted(stored.foreign());
		}
		else if (stored.message() == null) {
			problem = "there is no record of it" + ((stored.state() == null) ? ", only its id is listed" : "");
		}
		else {
			try {
				message = TaskMessage.decode(stored.message());
			}
			catch (IllegalArgumentException ex) {
				problem = "its record cannot be read: " + ex.getMessage();
			}
		}
		Instant score = Times.ofText(stored.score());
		if (problem == null && score == null && stored.score() != null) {
			problem = "its score %s is no time".formatted(stored.score());
		}
		boolean active = state == TaskState.ACTIVE;
		Instant now = this.clock.instant();
		Deferral deferral = stored.deferral();
		return new TaskDetails(stored.queue(), stored.id(), state,
				(message != null && state != null) ? info(stored, message, state, score, now) : null, problem,
				since(stored, message, state, score), (state == TaskState.COMPLETED) ? score : null, stored.owner(),
				active ? score : null, active && (score == null || !score.isAfter(now)), stored.crashes(),
				(deferral != null) ? deferral.count() : 0, (deferral != null) ? deferral.since() : null,
				stored.cancelRequested(), stored.replaced());
	}

	private static TaskInfo info(StoredTask stored, TaskMessage message, TaskState state, @Nullable Instant score,
			Instant now) {
		Instant due = switch (state) {
			case PENDING -> now;
			case SCHEDULED, RETRY -> (stored.due() != null) ? stored.due() : score;
			default -> null;
		};
		return new TaskInfo(stored.id(), message.type(), stored.queue(), state, null, message.payload(),
				headers(message), message.retry(), message.retried(), seconds(message.timeout()),
				Times.ofSeconds(message.deadline()), seconds(message.retention()), due, orNull(message.errorMsg()),
				Times.ofSeconds(message.lastFailedAt()), Times.ofSeconds(message.completedAt()),
				orNull(message.groupKey()), stored.result());
	}

	private static @Nullable Instant since(StoredTask stored, @Nullable TaskMessage message, @Nullable TaskState state,
			@Nullable Instant score) {
		if (state == null) {
			return null;
		}
		return switch (state) {
			case PENDING -> stored.pendingSince();
			case ARCHIVED, AGGREGATING -> score;
			case COMPLETED -> (message != null) ? Times.ofSeconds(message.completedAt()) : null;
			default -> null;
		};
	}

	private static Map<String, String> headers(TaskMessage message) {
		return Collections.unmodifiableMap(message.headers());
	}

	private static Duration seconds(long seconds) {
		return Duration.ofSeconds(seconds);
	}

	private static @Nullable String orNull(String text) {
		return text.isEmpty() ? null : text;
	}

}
