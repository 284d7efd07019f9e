package io.taskqueue.management;

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoint shows.
 *
 * @param showValues when to show payloads, results, headers and error texts, which may
 * hold secrets
 * @param roles roles that may see them with when-authorized; empty for everybody who is
 * authenticated
 * @param maxValueLength how many characters of a value are shown
 */
@ConfigurationProperties("management.endpoint.taskqueues")
record TaskQueueEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles,
		@DefaultValue("200") int maxValueLength) {

	TaskQueueEndpointProperties {
		roles = new LinkedHashSet<>(roles);
		if (maxValueLength < 0) {
			throw new IllegalArgumentException(
					"management.endpoint.taskqueues.max-value-length must not be negative: " + maxValueLength);
		}
	}

}
