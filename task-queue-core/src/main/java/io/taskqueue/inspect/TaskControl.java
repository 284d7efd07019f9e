package io.taskqueue.inspect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.taskqueue.Enqueued;
import io.taskqueue.QueueNotFoundException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskNotFoundException;
import io.taskqueue.TaskState;
import io.taskqueue.TaskStateException;
import io.taskqueue.broker.ControlBroker;
import io.taskqueue.broker.ControlBroker.Answer;
import io.taskqueue.broker.ControlBroker.Some;
import io.taskqueue.broker.ControlBroker.Verb;
import io.taskqueue.broker.InspectBroker;
import io.taskqueue.broker.StoredTask;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * Does what operators ask for to tasks. What it may do in which state, and where it puts
 * them, are asynq's rules.
 */
final class TaskControl {

	/** How many tasks one script touches, so that no call holds Redis up. */
	private static final int BATCH = 500;

	/** How often a record is read again that others change meanwhile. */
	private static final int ATTEMPTS = 5;

	private final ControlBroker broker;

	private final InspectBroker reader;

	TaskControl(ControlBroker broker, InspectBroker reader) {
		this.broker = broker;
		this.reader = reader;
	}

	void change(String queue, Verb verb, String id) {
		Answer answer = this.broker.change(queue, verb, List.of(id)).get(0);
		require(queue, id, answer, (verb == Verb.RUN) ? "is pending already" : "is archived already");
	}

	Map<String, TaskChange> change(String queue, Verb verb, Collection<String> ids) {
		requireQueue(queue);
		List<String> distinct = ids.stream().distinct().toList();
		Map<String, TaskChange> changes = new LinkedHashMap<>();
		for (int from = 0; from < distinct.size(); from += BATCH) {
			List<String> batch = distinct.subList(from, Math.min(from + BATCH, distinct.size()));
			List<Answer> answers = this.broker.change(queue, verb, batch);
			for (int i = 0; i < batch.size(); i++) {
				changes.put(batch.get(i), switch (answers.get(i)) {
					case DONE -> TaskChange.DONE;
					case MISSING -> TaskChange.NOT_FOUND;
					case ACTIVE -> TaskChange.ACTIVE;
					case ALREADY -> TaskChange.ALREADY;
					default -> TaskChange.ELSEWHERE;
				});
			}
		}
		return changes;
	}

	/** As many as there were at the beginning, so that it ends while others add tasks. */
	long changeAll(String queue, Verb verb, TaskState state, @Nullable String group) {
		if (!allowed(verb).contains(state) || (state == TaskState.AGGREGATING) != (group != null)) {
			throw new IllegalArgumentException("All %s tasks cannot be told to %s".formatted(state.wireName(),
					verb.name().toLowerCase(Locale.ROOT)));
		}
		requireQueue(queue);
		long done = 0;
		long left = -1;
		do {
			int limit = (left < 0) ? BATCH : (int) Math.min(BATCH, left);
			Some some = this.broker.changeSome(queue, verb, state, group, limit);
			done += some.done();
			left = (some.looked() == 0) ? 0 : ((left < 0) ? some.before() : left) - some.looked();
		}
		while (left > 0);
		return done;
	}

	private static Set<TaskState> allowed(Verb verb) {
		return switch (verb) {
			case RUN -> EnumSet.of(TaskState.SCHEDULED, TaskState.RETRY, TaskState.ARCHIVED, TaskState.AGGREGATING);
			case ARCHIVE -> EnumSet.of(TaskState.PENDING, TaskState.SCHEDULED, TaskState.RETRY, TaskState.AGGREGATING);
			case DELETE -> EnumSet.complementOf(EnumSet.of(TaskState.ACTIVE));
		};
	}

	void reschedule(String queue, String id, Instant at) {
		require(queue, id, this.broker.reschedule(queue, id, at), "is neither pending nor scheduled nor to be retried");
	}

	/**
	 * A lock that is made of the payload moves with it; one that was given a key of its
	 * own stays.
	 */
	void updatePayload(String queue, String id, byte[] payload) {
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			List<StoredTask> found = this.reader.find(List.of(queue), id);
			byte[] before = found.isEmpty() ? null : found.get(0).message();
			if (before == null) {
				throw missing(queue, id);
			}
			TaskMessage message = decode(queue, id, before);
			String lock = message.uniqueKey();
			boolean ofPayload = !lock.isEmpty() && ofPayload(queue, message, lock);
			String newLock = ofPayload ? Keys.unique(queue, message.type(), payload) : lock;
			byte[] after = message.withPayload(payload, newLock).encode();
			Answer answer = this.broker.rewrite(queue, id, before, after, lock, ofPayload ? newLock : "");
			if (answer == Answer.LOCKED) {
				throw new TaskConflictException(
						"Another task of queue '%s' has the unique lock of the new payload of task '%s'"
							.formatted(queue, id),
						queue, id, Enqueued.DUPLICATE);
			}
			if (answer != Answer.CHANGED) {
				require(queue, id, answer, "is neither pending nor scheduled nor to be retried");
				return;
			}
		}
		throw new TaskStateException(queue, id, "is changed by others all the time");
	}

	private static boolean ofPayload(String queue, TaskMessage message, String lock) {
		return lock.equals(Keys.unique(queue, message.type(), message.payload()))
				|| (message.payload().length == 0 && lock.equals(Keys.unique(queue, message.type(), null)));
	}

	private static TaskMessage decode(String queue, String id, byte[] record) {
		try {
			return TaskMessage.decode(record);
		}
		catch (IllegalArgumentException ex) {
			throw new TaskStateException(queue, id, "has a record that cannot be read: " + ex.getMessage());
		}
	}

	Cancellation cancel(String queue, String id) {
		return switch (this.broker.cancel(queue, id)) {
			case ARCHIVED -> Cancellation.ARCHIVED;
			case REQUESTED -> Cancellation.REQUESTED;
			case SENT -> Cancellation.SENT;
			case ENDED -> Cancellation.ENDED;
			case MISSING -> throw missing(queue, id);
			case ELSEWHERE -> throw elsewhere(queue, id);
		};
	}

	private void require(String queue, String id, Answer answer, String already) {
		switch (answer) {
			case DONE -> {
			}
			case MISSING -> throw missing(queue, id);
			case ACTIVE -> throw new TaskStateException(queue, id, "is active; it can only be cancelled");
			case ALREADY -> throw new TaskStateException(queue, id, already);
			default -> throw elsewhere(queue, id);
		}
	}

	private static TaskStateException elsewhere(String queue, String id) {
		return new TaskStateException(queue, id,
				"is not where its state says; it may be part of an aggregation" + " that is under way");
	}

	private RuntimeException missing(String queue, String id) {
		return this.reader.exists(queue) ? new TaskNotFoundException(queue, id) : new QueueNotFoundException(queue);
	}

	private void requireQueue(String queue) {
		if (!this.reader.exists(queue)) {
			throw new QueueNotFoundException(queue);
		}
	}

}
