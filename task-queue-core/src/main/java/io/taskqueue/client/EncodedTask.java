package io.taskqueue.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * A checked request, ready to be sent.
 *
 * @param message the record, of which the command holds the bytes
 * @param command what the broker is asked
 */
record EncodedTask(TaskMessage message, Command command) {

	String queue() {
		return this.message.queue();
	}

	/**
	 * Turns the broker's answer into the caller's.
	 * @param now the time of the answer
	 */
	EnqueueResult result(Answer answer, Instant now) {
		if (answer.outcome().accepted()) {
			return new EnqueueResult(answer.outcome(), info(answer, now), null);
		}
		String why = (answer.outcome() == Enqueued.DUPLICATE) ? duplicate() : conflict(answer.state());
		return new EnqueueResult(answer.outcome(), null,
				new TaskConflictException(why, queue(), this.message.id(), answer.outcome()));
	}

	/** Returns the answer while the task is not sent. */
	EnqueueResult afterCommit() {
		return new EnqueueResult(Enqueued.AFTER_COMMIT, info(null, Enqueued.AFTER_COMMIT, this.command.processAt()),
				null);
	}

	/** Returns the task to be sent: one whose time has come meanwhile waits no more. */
	EncodedTask at(Instant now) {
		Instant processAt = this.command.processAt();
		return (processAt == null || processAt.isAfter(now)) ? this
				: new EncodedTask(this.message,
						new Command(this.command.id(), this.command.message(), null, this.command.onConflict(),
								this.command.uniqueKey(), this.command.uniqueSeconds(), this.command.group()));
	}

	private TaskInfo info(Answer answer, Instant now) {
		TaskState state = Objects.requireNonNull(answer.state(), "an accepted task has a state");
		return info(state, answer.outcome(), switch (state) {
			case PENDING -> now;
			case SCHEDULED -> this.command.processAt();
			default -> null;
		});
	}

	private TaskInfo info(@Nullable TaskState state, Enqueued outcome, @Nullable Instant nextProcessAt) {
		TaskMessage stored = this.message;
		Instant deadline = (stored.deadline() != 0) ? Instant.ofEpochSecond(stored.deadline()) : null;
		return new TaskInfo(stored.id(), stored.type(), stored.queue(), state, outcome, stored.payload(),
				stored.headers(), stored.retry(), 0, Duration.ofSeconds(stored.timeout()), deadline,
				Duration.ofSeconds(stored.retention()), nextProcessAt, null, null, null,
				stored.groupKey().isEmpty() ? null : stored.groupKey(), null);
	}

	private String conflict(@Nullable TaskState existing) {
		String state = (existing != null) ? existing.wireName() : "there";
		return named() + " was not enqueued: its id is taken by a task that is " + state
				+ "; use another id, or OnConflict.KEEP or REPLACE";
	}

	private String duplicate() {
		return named() + " was not enqueued: another task holds the unique lock " + this.message.uniqueKey()
				+ "; wait until that task is done or the lock has expired, or use another uniqueKey";
	}

	/** Names the task for messages. */
	String named() {
		return named(queue(), this.message.id());
	}

	static String named(String queue, String id) {
		return "task \"" + id + "\" of queue \"" + queue + '"';
	}

}
