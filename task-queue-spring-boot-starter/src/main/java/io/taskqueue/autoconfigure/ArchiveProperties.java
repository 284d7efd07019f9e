package io.taskqueue.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requireAtLeastASecond;

/**
 * How much the archive of a queue keeps: tasks that will not run again.
 *
 * @param size how many tasks the archive of a queue keeps
 * @param age for how long archived tasks are kept
 */
record ArchiveProperties(@DefaultValue("10000") int size, @DefaultValue("90d") Duration age) {

	ArchiveProperties {
		require(size >= 1, "archive.size", size, "must be at least 1");
		requireAtLeastASecond("archive.age", age);
	}

}
