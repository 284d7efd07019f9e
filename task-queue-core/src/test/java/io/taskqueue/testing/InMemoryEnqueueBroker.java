package io.taskqueue.testing;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskState;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker;

/**
 * Keeps tasks in memory and obeys the contract of {@link EnqueueBroker}. Tests may block
 * or fail calls before and after they are executed.
 */
public final class InMemoryEnqueueBroker implements EnqueueBroker {

	private final Clock clock;

	private final Map<String, Map<String, Stored>> queues = new HashMap<>();

	private final Map<String, Lock> locks = new HashMap<>();

	private final Map<String, Reply> replies = new HashMap<>();

	private final List<Call> calls = new ArrayList<>();

	private volatile Hook before = (call) -> {
	};

	private volatile Hook after = (call) -> {
	};

	public InMemoryEnqueueBroker(Clock clock) {
		this.clock = clock;
	}

	/** Runs at the start of each call, on the caller's thread. */
	public void before(Hook hook) {
		this.before = hook;
	}

	/** Runs when the call has had its effect; what it throws loses the answer. */
	public void after(Hook hook) {
		this.after = hook;
	}

	/** Returns all calls in the order of their start, repeated ones included. */
	public synchronized List<Call> calls() {
		return List.copyOf(this.calls);
	}

	/** Returns the tasks of a queue in the order in which they were stored. */
	public synchronized List<Stored> tasks(String queue) {
		return List.copyOf(this.queues.getOrDefault(queue, Map.of()).values());
	}

	/** Moves a task, as a worker or an operator would. */
	public synchronized void move(String queue, String id, TaskState state) {
		this.queues.get(queue).computeIfPresent(id, (key, stored) -> new Stored(stored.command(), state));
	}

	@Override
	public List<Answer> enqueue(String queue, BatchId batch, List<Command> commands) {
		Call call = new Call(queue, batch, List.copyOf(commands));
		note(call);
		this.before.on(call);
		List<Answer> answers = executeOnce(call);
		this.after.on(call);
		return answers;
	}

	private synchronized void note(Call call) {
		this.calls.add(call);
	}

	private synchronized List<Answer> executeOnce(Call call) {
		Reply last = this.replies.get(call.batch().lane());
		if (last != null && last.number() == call.batch().number()) {
			return last.answers();
		}
		if (last != null && last.number() > call.batch().number()) {
			throw new TaskQueueRefusedException(call.batch() + " comes after number " + last.number(), null);
		}
		List<Answer> answers = new ArrayList<>();
		Map<String, Stored> tasks = this.queues.computeIfAbsent(call.queue(), (name) -> new LinkedHashMap<>());
		call.commands().forEach((command) -> answers.add(store(tasks, command)));
		this.replies.put(call.batch().lane(), new Reply(call.batch().number(), List.copyOf(answers)));
		return answers;
	}

	private Answer store(Map<String, Stored> tasks, Command command) {
		Stored existing = tasks.get(command.id());
		TaskState state = (existing != null) ? existing.state() : null;
		boolean fail = command.onConflict() == OnConflict.FAIL;
		if (state == null || state == TaskState.COMPLETED || (state == TaskState.ARCHIVED && !fail)) {
			return write(tasks, command, Enqueued.CREATED);
		}
		if (fail) {
			return new Answer(Enqueued.CONFLICT, state);
		}
		if (command.onConflict() == OnConflict.KEEP) {
			return new Answer(Enqueued.KEPT, state);
		}
		return (state == TaskState.ACTIVE) ? new Answer(Enqueued.NEXT, state)
				: write(tasks, command, Enqueued.REPLACED);
	}

	private Answer write(Map<String, Stored> tasks, Command command, Enqueued outcome) {
		if (!command.uniqueKey().isEmpty()) {
			Instant now = this.clock.instant();
			Lock lock = this.locks.get(command.uniqueKey());
			if (lock != null && lock.until().isAfter(now) && !lock.id().equals(command.id())) {
				return new Answer(Enqueued.DUPLICATE, null);
			}
			this.locks.put(command.uniqueKey(), new Lock(command.id(), now.plusSeconds(command.uniqueSeconds())));
		}
		TaskState now = command.group().isEmpty() ? TaskState.PENDING : TaskState.AGGREGATING;
		TaskState state = (command.processAt() != null) ? TaskState.SCHEDULED : now;
		tasks.remove(command.id());
		tasks.put(command.id(), new Stored(command, state));
		return new Answer(outcome, state);
	}

	/** Blocks or fails a call. */
	@FunctionalInterface
	public interface Hook {

		void on(Call call);

	}

	/** One call. */
	public record Call(String queue, BatchId batch, List<Command> commands) {
	}

	/** A stored task. */
	public record Stored(Command command, TaskState state) {
	}

	private record Lock(String id, Instant until) {
	}

	private record Reply(long number, List<Answer> answers) {
	}

}
