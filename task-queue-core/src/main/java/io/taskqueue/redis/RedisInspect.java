package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;

import io.taskqueue.TaskState;
import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.InspectBroker;
import io.taskqueue.broker.StoredTask;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is stored of queues. Several queues are asked in one round trip, unless they
 * are in different slots of a cluster.
 */
final class RedisInspect implements InspectBroker {

	/** How many queues one script asks, so that none takes long. */
	private static final int QUEUES_AT_A_TIME = 50;

	/** asynq's samples. */
	private static final int TASKS_TO_WEIGH = 20;

	private static final int GROUPS_TO_WEIGH = 5;

	private static final TaskState[] COUNTED = { TaskState.PENDING, TaskState.ACTIVE, TaskState.SCHEDULED,
			TaskState.RETRY, TaskState.ARCHIVED, TaskState.COMPLETED };

	private static final Script QUEUES = Script.load("inspect_queues");

	private static final Script TASKS = Script.load("inspect_tasks");

	private static final Script FIND = Script.load("inspect_find");

	private static final Script GROUPS = Script.load("inspect_groups");

	private static final Script MEMORY = Script.load("inspect_memory");

	private final RedisPort redis;

	private final ScriptTime time;

	RedisInspect(RedisPort redis, ScriptTime time) {
		this.redis = redis;
		this.time = time;
	}

	@Override
	public Set<String> queues() {
		Set<String> queues = new HashSet<>();
		for (byte[] queue : this.redis.smembers(Args.utf8(Keys.QUEUES))) {
			queues.add(new String(queue, StandardCharsets.UTF_8));
		}
		return queues;
	}

	@Override
	public boolean isRegistered(String queue) {
		return this.redis.sismember(Args.utf8(Keys.QUEUES), Args.utf8(queue));
	}

	@Override
	public List<Figures> figures(List<String> queues) {
		Args today = new Args(1).add(this.time.today().toString());
		return evalForEach(QUEUES, queues, today).stream().map(RedisInspect::figures).toList();
	}

	private static Figures figures(Reply reply) {
		boolean exists = reply.number() == 1;
		Map<TaskState, Long> sizes = new EnumMap<>(TaskState.class);
		for (TaskState state : COUNTED) {
			sizes.put(state, reply.number());
		}
		return new Figures(exists, sizes, reply.number(), reply.number(), reply.number(), counters(reply),
				counters(reply), reply.textOrNull(), ofNanos(reply.textOrNull()), foreign(reply));
	}

	private static Map<String, String> foreign(Reply reply) {
		Map<String, String> foreign = new LinkedHashMap<>();
		while (reply.hasNext()) {
			foreign.put(reply.text(), reply.text());
		}
		return foreign;
	}

	private static Counters counters(Reply reply) {
		return new Counters(numberOr0(reply.textOrNull()), numberOr0(reply.textOrNull()));
	}

	@Override
	public List<Counters> counters(String queue, List<LocalDate> days) {
		byte[][] keys = days.stream()
			.flatMap((day) -> Stream.of("processed:" + day, "failed:" + day))
			.map((name) -> Args.utf8(Keys.queue(queue) + name))
			.toArray(byte[][]::new);
		List<byte @Nullable []> values = this.redis.mget(keys);
		List<Counters> counters = new ArrayList<>(days.size());
		for (int i = 0; i < values.size(); i += 2) {
			counters.add(new Counters(numberOr0(text(values.get(i))), numberOr0(text(values.get(i + 1)))));
		}
		return counters;
	}

	@Override
	public long memory(String queue) {
		return Reply.number(MEMORY,
				this.redis.eval(MEMORY, Keys.queue(queue), new Args(2).add(TASKS_TO_WEIGH).add(GROUPS_TO_WEIGH)));
	}

	@Override
	public Tasks tasks(String queue, TaskState state, @Nullable String group, Part part) {
		Args args = new Args(7).add(state.wireName())
			.add((group != null) ? group : "")
			.add(part.offset())
			.add(part.count());
		After after = part.after();
		args.add((after != null) ? after.score() : "")
			.add((after != null) ? after.id() : "")
			.add(this.time.nowMillis());
		Reply reply = Reply.of(TASKS, this.redis.eval(TASKS, Keys.queue(queue), args));
		long total = reply.number();
		long first = reply.number();
		List<StoredTask> tasks = new ArrayList<>(part.count());
		while (reply.hasNext()) {
			tasks.add(task(queue, reply.array()));
		}
		return new Tasks(total, first, tasks);
	}

	@Override
	public List<StoredTask> find(List<String> queues, String id) {
		List<Reply> answers = evalForEach(FIND, queues, new Args(2).add(id).add(this.time.nowMillis()));
		List<StoredTask> found = new ArrayList<>();
		for (int i = 0; i < answers.size(); i++) {
			if (answers.get(i).hasNext()) {
				found.add(task(queues.get(i), answers.get(i)));
			}
		}
		return found;
	}

	@Override
	public Groups groups(String queue, String cursor, int count) {
		Reply reply = Reply.of(GROUPS, this.redis.eval(GROUPS, Keys.queue(queue), new Args(2).add(cursor).add(count)));
		long total = reply.number();
		String next = reply.text();
		Map<String, Long> sizes = new LinkedHashMap<>();
		while (reply.hasNext()) {
			sizes.put(reply.text(), reply.number());
		}
		return new Groups(total, next, sizes);
	}

	/** Reads what {@code inspect.lua} returns. */
	private static StoredTask task(String queue, Reply reply) {
		String id = reply.text();
		String foreign = reply.text();
		byte[] message = reply.bytesOrNull();
		String state = reply.textOrNull();
		String score = reply.textOrNull();
		Instant due = due(reply.textOrNull(), score);
		return new StoredTask(queue, id, foreign.isEmpty() ? null : foreign, message, state, score, due,
				ofNanos(reply.textOrNull()), reply.bytesOrNull(), reply.textOrNull(),
				(int) numberOr0(reply.textOrNull()), deferral(reply.text()), reply.number() == 1, reply.number() == 1);
	}

	/** The exact time counts only within the second that the score names. */
	private static @Nullable Instant due(@Nullable String millis, @Nullable String score) {
		long exact = numberOr0(millis);
		boolean same = exact > 0 && String.valueOf(-Math.floorDiv(-exact, 1000)).equals(score);
		return same ? Instant.ofEpochMilli(exact) : null;
	}

	private static @Nullable Deferral deferral(String noted) {
		Matcher parts = RedisWork.DEFERRAL.matcher(noted);
		return parts.matches()
				? new Deferral(Integer.parseInt(parts.group(1)), Instant.ofEpochMilli(Long.parseLong(parts.group(2))))
				: null;
	}

	private static @Nullable Instant ofNanos(@Nullable String nanos) {
		long since = numberOr0(nanos);
		return (since > 0) ? Instant.ofEpochSecond(0, since) : null;
	}

	private static @Nullable String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
	}

	/** Anybody may have written it. */
	private static long numberOr0(@Nullable String text) {
		try {
			return (text != null) ? Long.parseLong(text) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	private List<Reply> evalForEach(Script script, List<String> queues, Args args) {
		return this.redis.evalForEach(script, queues.stream().map(Keys::queue).toList(), QUEUES_AT_A_TIME, args);
	}

}
