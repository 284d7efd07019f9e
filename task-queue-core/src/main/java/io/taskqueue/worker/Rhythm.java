package io.taskqueue.worker;

import java.time.Duration;

/**
 * How often the parts of a worker do what they do. Fixed in production, shorter in tests.
 *
 * @param renewal between renewals of the leases; asynq's heartbeat
 * @param heartbeat between writings of the server record, which lasts 10 s
 * @param watch between looks for attempts that take too long
 * @param bufferAge how long a fetched task may wait for a thread before it is given back
 * @param poll between looks into a queue that is not watched or is paused
 * @param flush how long a stop waits for acknowledgements, and for a fetch in flight
 */
record Rhythm(Duration renewal, Duration heartbeat, Duration watch, Duration bufferAge, Duration poll, Duration flush) {

	static final Rhythm STANDARD = new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(100),
			Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5));

}
