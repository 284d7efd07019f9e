package io.taskqueue.redis;

import java.time.Duration;

/**
 * How much the archive of a queue keeps.
 *
 * @param size below how many tasks it is kept; positive
 * @param age for how long a task is kept; positive
 */
public record ArchiveLimits(int size, Duration age) {

	/** asynq's constants: 10 000 tasks, 90 days. */
	public static final ArchiveLimits STANDARD = new ArchiveLimits(10_000, Duration.ofDays(90));

	/** How many tasks one call deletes at most, so that no call holds Redis up. */
	private static final int CHUNK = 500;

	public ArchiveLimits {
		if (size < 1) {
			throw new IllegalArgumentException("size of the archive must be positive: " + size);
		}
		if (age.toSeconds() < 1) {
			throw new IllegalArgumentException("age limit of the archive must be at least a second: " + age);
		}
	}

	Args add(Args args, ScriptTime time) {
		return add(args, time, CHUNK);
	}

	Args add(Args args, ScriptTime time, int chunk) {
		return args.add(time.secondsAgo(this.age)).add(this.size).add(chunk);
	}

}
