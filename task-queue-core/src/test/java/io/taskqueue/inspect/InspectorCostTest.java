package io.taskqueue.inspect;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.taskqueue.TaskState;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.testing.TestTask;
import io.taskqueue.redis.RedisBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What questions cost Redis: the same number of the same commands for a long queue as for
 * a short one. The time that they take is written to the log, for the manual; with
 * {@code -Psoak} of a queue with a million tasks.
 */
class InspectorCostTest {

	private static final int LONG = Boolean.getBoolean("taskqueue.soak") ? 1_000_000 : 20_000;

	private static final int SHORT = 2_000;

	private static final int ROUNDS = 20;

	/**
	 * What is asked outside of scripts; the time of scripts contains that of their
	 * commands.
	 */
	private static final Set<String> OUTERMOST = Set.of("evalsha", "mget", "smembers", "sismember", "zrangebyscore",
			"zrevrange");

	private static final Pattern STATISTICS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+)");

	private static final String FILL = """
			local P = KEYS[1]
			for i = ARGV[1], ARGV[2] do
				local id = string.format('00000000-0000-4000-8000-%012d', i)
				redis.call('HSET', P .. 't:' .. id, 'msg', ARGV[3], 'state', 'pending', 'pending_since', '1')
				redis.call('LPUSH', P .. 'pending', id)
				if i % 10 == 0 then
					id = 'archived-' .. id
					redis.call('HSET', P .. 't:' .. id, 'msg', ARGV[3], 'state', 'archived')
					redis.call('ZADD', P .. 'archived', 1700000000 + i, id)
				end
				if i % 100 == 0 then
					redis.call('SADD', P .. 'groups', 'group' .. i)
					redis.call('ZADD', P .. 'g:group' .. i, i, 'x' .. i, i, 'y' .. i, i, 'z' .. i)
				end
			end
			""";

	private static final Logger logger = LoggerFactory.getLogger(InspectorCostTest.class);

	private final TestRedis redis = TestRedis.start("--appendonly", "no");

	private final RedisBroker broker = Storage.JEDIS.broker(this.redis);

	private final TaskInspector inspector = new TaskInspector(this.broker.inspect(), this.broker.snapshots(),
			this.broker.control(), new MutableClock(Storage.JEDIS.clock().instant()));

	@AfterEach
	void close() {
		this.broker.close();
		this.redis.close();
	}

	@Test
	void longQueuesCostNoMoreThanShortOnes() {
		fill(0, SHORT);
		Map<String, Cost> costs = measure(SHORT);
		fill(SHORT, LONG);
		Map<String, Cost> later = measure(LONG);
		later.forEach(InspectorCostTest::log);
		assertThat(this.inspector.queue("q").pending()).isEqualTo(LONG);
		costs.forEach((question, cost) -> assertThat(later.get(question).calls()).as(question).isEqualTo(cost.calls()));
		assertThat(later.values()).extracting(Cost::commands).allMatch((commands) -> commands > 0);
	}

	private Map<String, Cost> measure(int length) {
		String id = "00000000-0000-4000-8000-%012d".formatted(length / 2);
		Map<String, Cost> costs = new LinkedHashMap<>();
		measure(costs, "queue", () -> this.inspector.queue("q"));
		measure(costs, "queues", this.inspector::queues);
		measure(costs, "history, 90 days", () -> this.inspector.history("q", 90));
		for (TaskState state : List.of(TaskState.PENDING, TaskState.ARCHIVED)) {
			int middle = length / (state == TaskState.PENDING ? 60 : 600);
			String name = "tasks, " + state.wireName();
			measure(costs, name + ", first 30", () -> this.inspector.tasks("q", state, Paging.first()));
			measure(costs, name + ", 30 in the middle",
					() -> this.inspector.tasks("q", state, Paging.page(middle, 30)));
			Paging next = this.inspector.tasks("q", state, Paging.page(middle, 30)).next();
			measure(costs, name + ", next 30 in the middle", () -> this.inspector.tasks("q", state, next));
		}
		measure(costs, "tasks, pending, first 200",
				() -> this.inspector.tasks("q", TaskState.PENDING, Paging.first(200)));
		measure(costs, "groupTasks", () -> this.inspector.groupTasks("q", "group100", Paging.first()));
		measure(costs, "find in a queue", () -> this.inspector.find("q", id));
		measure(costs, "find in all queues", () -> this.inspector.find(id));
		// Chance decides which groups they look at
		bounded("groups, about 30", () -> this.inspector.groups("q", Paging.first()));
		bounded("memoryUsage", () -> this.inspector.memoryUsage("q"));
		return costs;
	}

	private void measure(Map<String, Cost> costs, String question, Runnable ask) {
		costs.put(question, cost(ask));
	}

	private void bounded(String question, Runnable ask) {
		Cost cost = cost(ask);
		log(question, cost);
		assertThat(cost.commands()).as(question).isLessThan(100);
	}

	private static void log(String question, Cost cost) {
		logger.info("| {} | {} | {} µs | {} |", question, cost.commands(), cost.micros(), cost.calls());
	}

	/** Returns what one of several calls costs on average. */
	private Cost cost(Runnable ask) {
		ask.run();
		try (Jedis jedis = this.redis.jedis()) {
			jedis.configResetStat();
			for (int i = 0; i < ROUNDS; i++) {
				ask.run();
			}
			Map<String, Long> calls = new TreeMap<>();
			long micros = 0;
			List<MatchResult> commands = STATISTICS.matcher(jedis.info("commandstats")).results().toList();
			for (MatchResult command : commands) {
				String name = command.group(1);
				if (!name.equals("config") && !name.equals("info")) {
					calls.put(name, Long.parseLong(command.group(2)) / ROUNDS);
					micros += OUTERMOST.contains(name) ? Long.parseLong(command.group(3)) : 0;
				}
			}
			return new Cost(micros / ROUNDS, calls);
		}
	}

	private void fill(int from, int to) {
		byte[] message = new TestTask("q", "id").payload("p".repeat(100)).message().encode();
		try (Jedis jedis = this.redis.jedis()) {
			jedis.sadd("asynq:queues", "q");
			for (int first = from; first < to; first += 10_000) {
				int last = Math.min(first + 10_000, to) - 1;
				jedis.eval(utf8(FILL), List.of(utf8("asynq:{q}:")),
						List.of(utf8("" + first), utf8("" + last), message));
			}
			for (int i = 0; i < 150; i++) {
				jedis.sadd("asynq:{q}:groups", "empty" + i);
			}
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What a call costs.
	 *
	 * @param micros how long Redis takes
	 * @param calls how often it executes which command, those in scripts included
	 */
	private record Cost(long micros, Map<String, Long> calls) {

		long commands() {
			return this.calls.values().stream().mapToLong(Long::longValue).sum();
		}

	}

}
