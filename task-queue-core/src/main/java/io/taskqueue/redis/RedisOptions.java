package io.taskqueue.redis;

import java.time.Duration;

/**
 * How to connect to Redis.
 *
 * @param connections how many scripts may run at a time over Jedis; Lettuce needs one
 * connection for all
 * @param watches how many queues are watched at a time, each over a connection of its own
 * @param connectTimeout the limit for making a connection
 * @param commandTimeout the limit for an answer
 * @param blockTime the longest block time of one wait
 * @param archive how much the archive of a queue keeps
 */
public record RedisOptions(int connections, int watches, Duration connectTimeout, Duration commandTimeout,
		Duration blockTime, ArchiveLimits archive) {

	/** 8 connections, 16 watches, 2 s to connect and to answer, 2 s to block. */
	public static final RedisOptions STANDARD = new RedisOptions(8, 16, Duration.ofSeconds(2), Duration.ofSeconds(2),
			Duration.ofSeconds(2), ArchiveLimits.STANDARD);

}
