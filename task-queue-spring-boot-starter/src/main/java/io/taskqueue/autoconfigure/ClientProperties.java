package io.taskqueue.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requirePositive;

/**
 * How tasks are sent to Redis.
 *
 * @param timeout how long an enqueue waits for Redis
 * @param maxPayload the largest payload
 * @param maxHeaders the largest total of all header names and values of a task
 */
record ClientProperties(@DefaultValue("2s") Duration timeout, @DefaultValue("1MB") DataSize maxPayload,
		@DefaultValue("8KB") DataSize maxHeaders) {

	ClientProperties {
		requirePositive("client.timeout", timeout);
		require(maxPayload.toBytes() > 0 && maxPayload.toBytes() <= Integer.MAX_VALUE, "client.max-payload", maxPayload,
				"must be at least a byte and below 2GB");
		require(maxHeaders.toBytes() >= 0 && maxHeaders.toBytes() <= Integer.MAX_VALUE, "client.max-headers",
				maxHeaders, "must not be negative, and below 2GB");
	}

}
