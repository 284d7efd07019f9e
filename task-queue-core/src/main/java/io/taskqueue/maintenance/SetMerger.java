package io.taskqueue.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.taskqueue.Enqueued;
import io.taskqueue.GroupedTask;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.broker.AggregationBroker.HandOver;
import io.taskqueue.broker.AggregationBroker.Member;
import io.taskqueue.broker.AggregationBroker.TaskSet;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.handler.Aggregator;
import io.taskqueue.handler.UnreadableTasksException;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges one set: reads it, calls the aggregator, hands over what it returns. Every
 * ending but that leaves the tasks in their group.
 */
final class SetMerger {

	private static final Logger logger = LoggerFactory.getLogger(SetMerger.class);

	static final Duration FIRST_WAIT = Duration.ofSeconds(10);

	static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final AggregationBroker broker;

	private final TaskEncoder encoder;

	private final Clock clock;

	private final AggregationListener listener;

	SetMerger(AggregationBroker broker, TaskEncoder encoder, Clock clock, AggregationListener listener) {
		this.broker = broker;
		this.encoder = encoder;
		this.clock = clock;
		this.listener = listener;
	}

	/**
	 * Merges a set.
	 * @param lane for this call alone
	 * @throws TaskQueueUnavailableException when Redis does not answer; the set goes back
	 * by itself when its deadline has passed, unless it was handed over
	 */
	void merge(TaskSet set, Aggregator aggregator, Lane lane) {
		List<Member> members = this.broker.read(set);
		try {
			List<GroupedTask<byte[]>> tasks = new ArrayList<>(members.size());
			List<Member> rejected = new ArrayList<>();
			for (Member member : members) {
				if (member.message().length > 0) {
					read(set, member, tasks, rejected);
				}
			}
			TaskRequest request = tasks.isEmpty() ? null : call(set, aggregator, members, tasks, rejected);
			reject(set, rejected);
			handOver(set, lane, members.size() - rejected.size(), (request != null) ? command(set, request) : null);
		}
		catch (TaskQueueUnavailableException ex) {
			throw ex;
		}
		catch (Exception | LinkageError | AssertionError | StackOverflowError ex) {
			// Drivers give up on an interrupted thread
			boolean interrupted = Thread.interrupted() || ex instanceof InterruptedException;
			if (interrupted && this.clock.instant().isBefore(set.deadline())) {
				// The node stops
				this.broker.giveBack(set);
			}
			else {
				failed(set, aggregator, ex);
			}
		}
	}

	private void read(TaskSet set, Member member, List<GroupedTask<byte[]>> tasks, List<Member> rejected) {
		try {
			TaskMessage message = TaskMessage.decode(member.message());
			tasks.add(new GroupedTask<>(member.id(), message.type(), message.payload(), message.headers()));
		}
		catch (IllegalArgumentException ex) {
			rejected.add(member);
			tellRejected(set, member.id(), ex);
		}
	}

	/** Calls the aggregator, and once more without what it cannot read. */
	private @Nullable TaskRequest call(TaskSet set, Aggregator aggregator, List<Member> members,
			List<GroupedTask<byte[]>> tasks, List<Member> rejected) throws Exception {
		TaskRequest request;
		try {
			request = aggregator.function().merge(set.group(), List.copyOf(tasks));
		}
		catch (UnreadableTasksException ex) {
			for (Member member : members) {
				Throwable error = ex.errors().get(member.id());
				if (error != null) {
					rejected.add(failed(member, error));
					tellRejected(set, member.id(), error);
				}
			}
			List<GroupedTask<byte[]>> readable = tasks.stream()
				.filter((task) -> !ex.errors().containsKey(task.id()))
				.toList();
			if (readable.isEmpty()) {
				return null;
			}
			request = aggregator.function().merge(set.group(), readable);
		}
		if (request == null) {
			throw new IllegalStateException("the aggregator returned null");
		}
		return request;
	}

	private Member failed(Member member, Throwable error) {
		TaskMessage message = TaskMessage.decode(member.message());
		return new Member(member.id(),
				message.failedUncounted(String.valueOf(error.getMessage()), this.clock.instant().getEpochSecond())
					.encode());
	}

	private void reject(TaskSet set, List<Member> rejected) {
		if (!rejected.isEmpty()) {
			this.broker.reject(set, rejected);
		}
	}

	private Command command(TaskSet set, TaskRequest request) {
		if (set.group().equals(request.options().group())) {
			throw new InvalidTaskException("the merged task must not join the same group again: " + set.group());
		}
		OnConflict onConflict = request.options().onConflict();
		if (onConflict != null && onConflict != OnConflict.FAIL) {
			throw new InvalidTaskException("the merged task must not keep or replace another: " + onConflict);
		}
		TaskRequest named = (request.options().id() != null) ? request
				: request.with((options) -> options.withId(set.id()));
		return this.encoder.command(named, set.queue());
	}

	/** Repeats the call, which has no second effect, while the set may be ours. */
	private void handOver(TaskSet set, Lane lane, int size, @Nullable Command merged) {
		BatchId batch = lane.next();
		while (true) {
			try {
				tell(set, size, merged, this.broker.handOver(set, batch, size, merged));
				return;
			}
			catch (TaskQueueUnavailableException ex) {
				if (Thread.currentThread().isInterrupted() || this.clock.instant().isAfter(set.deadline())) {
					throw ex;
				}
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	private void tell(TaskSet set, int size, @Nullable Command merged, HandOver outcome) {
		switch (outcome) {
			case DONE -> {
				if (merged != null) {
					logger.debug("Merged {} tasks of group {} in queue {} into task {}", size, set.group(), set.queue(),
							merged.id());
					this.listener.merged(set.queue(), set.group(), size, merged.id());
				}
			}
			case LOST -> {
				logger.warn(
						"Tasks of group {} in queue {} were put back before they were merged; what was made of them "
								+ "is dropped. An aggregator has {} s",
						set.group(), set.queue(), AggregationBroker.DEADLINE.toSeconds());
				this.listener.lost(set.queue(), set.group());
			}
			// A task was replaced meanwhile: without delay, and no failure
			case CHANGED -> this.broker.giveBack(set);
			case CONFLICT ->
				throw refused(set, merged, Enqueued.CONFLICT, "its id is taken; without one it gets a new one");
			case DUPLICATE -> throw refused(set, merged, Enqueued.DUPLICATE, "another task holds its unique lock");
		}
	}

	private static TaskConflictException refused(TaskSet set, @Nullable Command merged, Enqueued outcome, String why) {
		String id = (merged != null) ? merged.id() : "";
		return new TaskConflictException(
				"the merged task %s was not enqueued in queue %s: %s".formatted(id, set.queue(), why), set.queue(), id,
				outcome);
	}

	private void failed(TaskSet set, Aggregator aggregator, Throwable error) {
		Instant until = this.broker.putOff(set, FIRST_WAIT, LONGEST_WAIT);
		if (until == null) {
			this.listener.lost(set.queue(), set.group());
			return;
		}
		logger.error("Aggregator {} failed for group {} in queue {}; the tasks are back in the group, which is left "
				+ "alone until {}", aggregator.source(), set.group(), set.queue(), until, error);
		this.listener.failed(set.queue(), set.group(), error, until);
	}

	private void tellRejected(TaskSet set, String id, Throwable error) {
		logger.error("Archived task {} of group {} in queue {}, since it cannot be read: {}", id, set.group(),
				set.queue(), error.getMessage());
		this.listener.rejected(set.queue(), set.group(), id, error);
	}

}
