package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import io.taskqueue.AggregationRules;
import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Aggregation sets, as asynq keeps them: a set is the sorted set
 * {@code g:<group>:<id of the set>}, and a member of {@code aggregation_sets} by its
 * deadline.
 */
final class RedisAggregation implements AggregationBroker {

	private static final Script TAKE_SETS = Script.load("take_sets");

	private static final Script READ_SET = Script.load("read_set");

	private static final Script REJECT_MEMBERS = Script.load("reject_members");

	private static final Script HAND_OVER = Script.load("hand_over");

	private static final Script GIVE_BACK_SET = Script.load("give_back_set");

	/** How many groups one call looks at. */
	private static final int GROUPS = 200;

	/** How many tasks one call reads. */
	private static final int TASKS = 500;

	private final RedisPort redis;

	private final ScriptTime time;

	private final ArchiveLimits archive;

	private final RedisEnqueue queues;

	RedisAggregation(RedisPort redis, ScriptTime time, ArchiveLimits archive, RedisEnqueue queues) {
		this.redis = redis;
		this.time = time;
		this.archive = archive;
		this.queues = queues;
	}

	@Override
	public Page take(String queue, BatchId batch, String cursor, List<Rule> rules, int limit) {
		Instant deadline = Instant.ofEpochSecond(this.time.nowSeconds() + DEADLINE.toSeconds());
		Args args = new Args(9 + limit + 5 * rules.size()).add(batch.lane())
			.add(batch.number())
			.add(this.time.nowSeconds())
			.add(deadline.getEpochSecond())
			.add(cursor)
			.add(GROUPS)
			.add(String.valueOf(ThreadLocalRandom.current().nextFloat()))
			.add(AggregationRules.LARGEST_SET)
			.add(limit);
		for (int i = 0; i < limit; i++) {
			args.add(UUID.randomUUID().toString());
		}
		for (Rule rule : rules) {
			args.add(rule.pattern())
				.flag(rule.prefix())
				.add(rule.maxSize())
				.add(seconds(rule.maxDelay()))
				.add(seconds(rule.grace()));
		}
		Reply reply = eval(TAKE_SETS, queue, args);
		String next = reply.text();
		List<TaskSet> sets = new ArrayList<>();
		while (reply.hasNext()) {
			sets.add(new TaskSet(queue, reply.text(), reply.text(), Instant.ofEpochSecond(reply.number())));
		}
		return new Page(next, sets);
	}

	@Override
	public List<Member> read(TaskSet set) {
		List<Member> members = new ArrayList<>();
		Reply reply;
		do {
			reply = eval(READ_SET, set.queue(), named(set).add(members.size()).add(TASKS));
			while (reply.hasNext()) {
				members.add(new Member(reply.text(), reply.bytes()));
			}
		}
		while (reply.size() == 2 * TASKS);
		return members;
	}

	@Override
	public void reject(TaskSet set, List<Member> members) {
		Args args = this.archive.add(named(set).add(this.time.nowSeconds()), this.time);
		for (Member member : members) {
			args.add(member.id()).add(member.message());
		}
		this.redis.eval(REJECT_MEMBERS, Keys.queue(set.queue()), args);
	}

	@Override
	public HandOver handOver(TaskSet set, BatchId batch, int size, EnqueueBroker.@Nullable Command merged) {
		this.queues.register(set.queue());
		Args args = new Args(13).add(batch.lane())
			.add(batch.number())
			.add(this.time.nowNanos())
			.add(name(set))
			.add(set.deadline().getEpochSecond())
			.add(size);
		if (merged != null) {
			ScriptTime.addDue(args.add(merged.id()).add(merged.message()), merged.processAt())
				.add(merged.uniqueKey())
				.add(merged.uniqueSeconds())
				.add(merged.group());
		}
		else {
			args.none().none().add(0).add(0).none().add(0).none();
		}
		Object answer = this.redis.eval(HAND_OVER, Keys.queue(set.queue()), args);
		return HandOver.valueOf(Reply.of(HAND_OVER, List.of((answer != null) ? answer : "")).text());
	}

	@Override
	public void giveBack(TaskSet set) {
		giveBack(set, 0, 0);
	}

	@Override
	public @Nullable Instant putOff(TaskSet set, Duration first, Duration longest) {
		long until = giveBack(set, first.toSeconds(), longest.toSeconds());
		return (until < 0) ? null : Instant.ofEpochSecond(until);
	}

	private long giveBack(TaskSet set, long first, long longest) {
		return Reply.number(GIVE_BACK_SET, this.redis.eval(GIVE_BACK_SET, Keys.queue(set.queue()),
				named(set).add(this.time.nowSeconds()).add(first).add(longest)));
	}

	private Reply eval(Script script, String queue, Args args) {
		return Reply.of(script, this.redis.eval(script, Keys.queue(queue), args));
	}

	private static Args named(TaskSet set) {
		return new Args(8).add(name(set)).add(set.deadline().getEpochSecond());
	}

	private static String name(TaskSet set) {
		return "g:" + set.group() + ":" + set.id();
	}

	/** Rounded up, so that nothing is merged early. */
	private static long seconds(Duration duration) {
		return duration.plusNanos(999_999_999).toSeconds();
	}

}
