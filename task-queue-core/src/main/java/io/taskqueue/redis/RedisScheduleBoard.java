package io.taskqueue.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.taskqueue.broker.ScheduleBoard;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.SchedulerEnqueueEvent;
import io.taskqueue.wire.SchedulerEntry;

/**
 * asynq's keys for schedulers, which its tools read.
 */
final class RedisScheduleBoard implements ScheduleBoard {

	/** asynq's limit. */
	private static final int HISTORY = 1000;

	private static final Script SHOW = Script.load("cron_show");

	private static final Script NOTE = Script.load("cron_note");

	private static final byte[] SCHEDULERS = Args.utf8(Keys.SCHEDULERS);

	private final RedisPort redis;

	private final ScriptTime time;

	RedisScheduleBoard(RedisPort redis, ScriptTime time) {
		this.redis = redis;
		this.time = time;
	}

	@Override
	public void show(String scheduler, List<SchedulerEntry> entries, Duration lasts) {
		list(scheduler, lasts);
		Args args = new Args(entries.size() + 1).add(lasts.toSeconds());
		entries.forEach((entry) -> args.add(entry.encode()));
		this.redis.eval(SHOW, Keys.scheduler(scheduler), args);
	}

	@Override
	public void prolong(String scheduler, Duration lasts) {
		list(scheduler, lasts);
		this.redis.run("EXPIRE", (connection) -> connection.keyCommands()
			.expire(Args.utf8(Keys.scheduler(scheduler)), lasts.toSeconds()));
	}

	private void list(String scheduler, Duration lasts) {
		this.redis.zadd(SCHEDULERS, (double) this.time.nowSeconds() + lasts.toSeconds(),
				Args.utf8(Keys.scheduler(scheduler)));
	}

	@Override
	public void clear(String scheduler) {
		byte[] key = Args.utf8(Keys.scheduler(scheduler));
		this.redis.zrem(SCHEDULERS, key);
		this.redis.delete(key);
	}

	@Override
	public void note(String entryId, SchedulerEnqueueEvent event) {
		this.redis.eval(NOTE, Keys.schedulerHistory(entryId),
				new Args(3).add(event.enqueueTime().getEpochSecond()).add(event.encode()).add(HISTORY));
	}

	@Override
	public List<SchedulerEnqueueEvent> history(String entryId, int limit) {
		byte[] key = Args.utf8(Keys.schedulerHistory(entryId));
		Set<byte[]> newest = this.redis.run("ZREVRANGE",
				(connection) -> connection.zSetCommands().zRevRange(key, 0, limit - 1L));
		return (newest != null) ? newest.stream().map(SchedulerEnqueueEvent::decode).toList() : List.of();
	}

	@Override
	public void forget(String entryId) {
		this.redis.delete(Args.utf8(Keys.schedulerHistory(entryId)));
	}

}
