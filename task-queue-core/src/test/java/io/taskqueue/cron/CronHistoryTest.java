package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Over more than a thousand ticks: whatever dies, freezes or changes, no tick has two
 * occurrences, and what must be fired is.
 */
@Timeout(240)
class CronHistoryTest {

	private static final long START = Instant.parse("2026-03-02T10:00:00Z").getEpochSecond();

	private static final int STEPS = 900;

	/** How far the clocks of the two machines are apart (s). */
	private static final int SKEW = 30;

	/** An occurrence that was seen. */
	private record Seen(String namespace, String uuid, long tick) {
	}

	private final Set<Seen> history = new HashSet<>();

	private final List<String> violations = new ArrayList<>();

	/** The time of the first machine (s). */
	private long now = START;

	private long changedAt;

	private long interval = 3;

	private boolean switchedOn = true;

	private boolean exists = true;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2 })
	void everyTickHasOneOccurrence(long seed) {
		Random random = new Random(seed);
		try (TestRedis redis = TestRedis.start();
				CronChaos app = new CronChaos(redis, "one", random, Instant.ofEpochSecond(START), Duration.ZERO,
						Duration.ofSeconds(SKEW));
				CronChaos other = new CronChaos(redis, "two", random, Instant.ofEpochSecond(START), Duration.ZERO)) {
			app.registry().register(all("a"));
			other.registry().register(all("a"));
			app.registry().register(task("once", 5));
			app.registry().register(task("changed", 3));
			app.registry().register(task("switched", 2));
			app.registry().register(task("gone", 2));
			this.changedAt = START;
			for (int step = 0; step < STEPS; step++) {
				long passes = random.nextLong(1, 5);
				boolean gap = random.nextInt(40) == 0;
				if (gap) {
					passes = random.nextLong(150, 350);
				}
				long before = this.now;
				this.now += passes;
				app.advance(Duration.ofSeconds(passes));
				other.advance(Duration.ofSeconds(passes));
				if (random.nextInt(300) == 0) {
					redis.restart();
				}
				if (!gap) {
					operate(app, random, step);
				}
				app.step();
				other.step();
				collect(redis);
				if (gap) {
					app.settle();
					collect(redis);
					checkGap(before, this.now);
				}
			}
			app.settle();
			other.settle();
			collect(redis);
			assertThat(this.violations).isEmpty();
			checkComplete("one");
			checkComplete("two");
			assertThat(app.deaths).isGreaterThan(50);
			assertThat(app.freezes).isGreaterThan(20);
			assertThat(this.history).hasSizeGreaterThan(1000);
		}
	}

	private static CronTaskDefinition all(String queue) {
		return task("all", 2).withMisfire(MisfirePolicy.FIRE_ALL).withQueue(queue);
	}

	private static CronTaskDefinition task(String uuid, long seconds) {
		return CronTaskDefinition.of(uuid, "run", "@every " + seconds + "s").withOverlap(OverlapPolicy.ALLOW);
	}

	private void operate(CronChaos app, Random random, int step) {
		CronTaskRegistry registry = app.registry();
		switch (random.nextInt(30)) {
			case 0 -> app.call(() -> registry.register(all((step % 2 == 0) ? "a" : "b")));
			case 1 -> {
				this.interval = 7 - this.interval;
				app.call(() -> registry.register(task("changed", this.interval)));
				this.changedAt = this.now;
			}
			case 2 -> {
				this.switchedOn = !this.switchedOn;
				app.call(() -> this.switchedOn ? registry.enable("switched") : registry.disable("switched"));
			}
			case 3 -> {
				this.exists = !this.exists;
				app.call(() -> this.exists ? registry.register(task("gone", 2)) : registry.remove("gone"));
			}
			default -> {
			}
		}
	}

	/** Takes all occurrences out of Redis, as workers would that are done at once. */
	private void collect(TestRedis redis) {
		try (Jedis jedis = redis.jedis()) {
			for (String queue : List.of("a", "b", "default")) {
				String prefix = "asynq:{" + queue + "}:";
				for (String id : jedis.lrange(prefix + "pending", 0, -1)) {
					see(jedis.hget(prefix + "t:" + id, "tq:cron"), id);
					jedis.del(prefix + "t:" + id);
				}
				jedis.del(prefix + "pending");
			}
		}
	}

	private void see(String namespace, String id) {
		String uuid = id.substring(0, id.indexOf('@'));
		long tick = Long.parseLong(id.substring(id.indexOf('@') + 1).replaceAll("~.*", ""));
		if (!this.history.add(new Seen(namespace, uuid, tick))) {
			this.violations.add("twice: " + namespace + " " + id);
		}
		if ((uuid.equals("switched") && !this.switchedOn) || (uuid.equals("gone") && !this.exists)) {
			this.violations.add("though off: " + id);
		}
		if (uuid.equals("changed") && tick > this.changedAt && (tick - this.changedAt) % this.interval != 0) {
			this.violations.add("by the former expression: " + id);
		}
	}

	/**
	 * One catch-up, for the latest tick by the leader's clock: none from within the gap.
	 */
	private void checkGap(long from, long to) {
		long inside = this.history.stream()
			.filter((seen) -> seen.uuid().equals("once") && seen.tick() > from + SKEW && seen.tick() <= to - 60)
			.count();
		long after = this.history.stream()
			.filter((seen) -> seen.uuid().equals("once") && seen.tick() > to - 60)
			.count();
		if (inside > 0 || after < 1) {
			this.violations.add("gap %d-%d: %d inside, %d at its end".formatted(from, to, inside, after));
		}
	}

	private void checkComplete(String namespace) {
		Set<Long> ticks = new TreeSet<>();
		this.history.forEach((seen) -> {
			if (seen.namespace().equals(namespace) && seen.uuid().equals("all")) {
				ticks.add(seen.tick());
			}
		});
		assertThat(ticks).hasSizeGreaterThan(1000);
		for (long tick = START + 2; tick <= this.now; tick += 2) {
			assertThat(ticks).contains(tick);
		}
	}

}
