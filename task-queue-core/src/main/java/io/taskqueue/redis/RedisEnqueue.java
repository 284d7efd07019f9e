package io.taskqueue.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.taskqueue.Enqueued;
import io.taskqueue.TaskState;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Stores new tasks: {@code enqueue.lua}, and the registration of queues.
 */
final class RedisEnqueue implements EnqueueBroker {

	/**
	 * How long a queue counts as registered. Short enough that a queue that an operator
	 * deleted comes back soon.
	 */
	private static final long REGISTERED_NANOS = 30_000_000_000L;

	private static final Script ENQUEUE = Script.load("enqueue");

	private static final Script CLOCK = Script.load("clock");

	private static final byte[] QUEUES = Args.utf8(Keys.QUEUES);

	private final RedisPort redis;

	private final ScriptTime time;

	private final ServerClock.Observer clock;

	private final LongSupplier nanoTime;

	private final Map<String, Long> registered = new ConcurrentHashMap<>();

	RedisEnqueue(RedisPort redis, ScriptTime time, ServerClock.Observer clock) {
		this(redis, time, clock, System::nanoTime);
	}

	RedisEnqueue(RedisPort redis, ScriptTime time, ServerClock.Observer clock, LongSupplier nanoTime) {
		this.redis = redis;
		this.time = time;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	@Override
	public List<Answer> enqueue(String queue, BatchId batch, List<Command> commands) {
		register(queue);
		Args args = new Args(3 + 8 * commands.size()).add(batch.lane()).add(batch.number()).add(this.time.nowNanos());
		for (Command command : commands) {
			args.add(command.id()).add(command.message());
			ScriptTime.addDue(args, command.processAt());
			args.add(command.onConflict().name())
				.add(command.uniqueKey())
				.add(command.uniqueSeconds())
				.add(command.group());
		}
		Reply reply = Reply.of(ENQUEUE, this.redis.eval(ENQUEUE, Keys.queue(queue), args));
		List<Answer> answers = new ArrayList<>(commands.size());
		while (reply.hasNext()) {
			answers.add(new Answer(Enqueued.valueOf(reply.text()), state(reply.text())));
		}
		return answers;
	}

	/**
	 * Registers a queue with asynq and measures its clock, unless that was done lately.
	 */
	void register(String queue) {
		Long until = this.registered.get(queue);
		long now = this.nanoTime.getAsLong();
		if (until == null || until - now < 0) {
			this.redis.sadd(QUEUES, Args.utf8(queue));
			measureClock(queue);
			this.registered.put(queue, now + REGISTERED_NANOS);
		}
	}

	/**
	 * Measures the clock of a queue's Redis, which promotions do on nodes that have them.
	 */
	void measureClock(String queue) {
		if (!this.time.corrected()) {
			return;
		}
		long sent = System.nanoTime();
		Reply reply = Reply.of(CLOCK, this.redis.eval(CLOCK, Keys.queue(queue), new Args(0)));
		long received = System.nanoTime();
		this.clock.observe(sent, received, reply.time());
	}

	private static @Nullable TaskState state(String name) {
		for (TaskState state : TaskState.values()) {
			if (state.wireName().equals(name)) {
				return state;
			}
		}
		return null;
	}

}
