package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.taskqueue.broker.OccurrenceBroker;
import io.taskqueue.wire.Keys;

/**
 * Fires cron tasks: {@code cron_fire.lua} and what belongs to it. Per queue and namespace
 * there is one hash, {@code tq:cron:<namespace>}.
 */
final class RedisOccurrences implements OccurrenceBroker {

	/** The field that is no cron task but the highest epoch of a leader. */
	private static final String EPOCH = "*";

	private static final Script FIRE = Script.load("cron_fire");

	private static final Script CLOSE = Script.load("cron_close");

	private static final Script FORGET = Script.load("cron_forget");

	private final RedisPort redis;

	private final ScriptTime time;

	private final RedisEnqueue queues;

	private final String namespace;

	RedisOccurrences(RedisPort redis, ScriptTime time, RedisEnqueue queues, String namespace) {
		this.redis = redis;
		this.time = time;
		this.queues = queues;
		this.namespace = namespace;
	}

	@Override
	public List<Answer> fire(String queue, long epoch, List<Tick> ticks) {
		this.queues.register(queue);
		Args args = new Args(3 + 10 * ticks.size()).add(this.namespace).add(epoch).add(this.time.nowNanos());
		for (Tick tick : ticks) {
			args.add(tick.verb().name())
				.add(tick.uuid())
				.add(tick.revision())
				.add(tick.second())
				.add(tick.overlap().name())
				.add(tick.id())
				.add(tick.message().withId(tick.id()).encode())
				.add(tick.message().withId(tick.id() + "~" + this.namespace).encode());
			ScriptTime.addDue(args, tick.due());
		}
		Reply reply = Reply.of(FIRE, this.redis.eval(FIRE, Keys.queue(queue), args));
		List<Answer> answers = new ArrayList<>(ticks.size());
		while (reply.hasNext()) {
			answers.add(new Answer(Outcome.valueOf(reply.text()), reply.text(), reply.number()));
		}
		return answers;
	}

	@Override
	public long close(String queue, String uuid, long revision) {
		return Reply.number(CLOSE,
				this.redis.eval(CLOSE, Keys.queue(queue), new Args(3).add(this.namespace).add(uuid).add(revision)));
	}

	@Override
	public Map<String, Entry> entries(String queue) {
		byte[] key = Args.utf8(Keys.queue(queue) + "tq:cron:" + this.namespace);
		Map<byte[], byte[]> fields = this.redis.run("HGETALL", (connection) -> connection.hashCommands().hGetAll(key));
		Map<String, Entry> entries = new HashMap<>();
		if (fields != null) {
			fields.forEach((uuid, entry) -> entries.put(new String(uuid, StandardCharsets.UTF_8),
					entry(new String(entry, StandardCharsets.UTF_8))));
		}
		entries.remove(EPOCH);
		return entries;
	}

	private static Entry entry(String text) {
		String[] parts = text.split("\\|", -1);
		return (parts.length == 4)
				? new Entry(Long.parseLong(parts[1]), parts[3].isEmpty() ? 0 : Long.parseLong(parts[3]))
				: new Entry(0, 0);
	}

	@Override
	public boolean forget(String queue, long epoch, String uuid) {
		return Reply.number(FORGET,
				this.redis.eval(FORGET, Keys.queue(queue), new Args(3).add(this.namespace).add(epoch).add(uuid))) == 1;
	}

}
