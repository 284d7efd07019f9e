package io.taskqueue.cron;

import java.util.List;
import java.util.Map;

/**
 * The cron tasks that this process defines, apart from those of the registry.
 *
 * @param annotated those of annotated methods
 * @param configured those of the configuration
 * @param providers providers by name
 */
public record CronSources(List<CronTaskDefinition> annotated, List<CronTaskDefinition> configured,
		Map<String, CronTaskProvider> providers) {

	/** No cron tasks. */
	public static final CronSources NONE = new CronSources(List.of(), List.of(), Map.of());

	public CronSources {
		annotated = List.copyOf(annotated);
		configured = List.copyOf(configured);
		providers = Map.copyOf(providers);
	}

}
