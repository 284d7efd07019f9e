package io.taskqueue.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.taskqueue.cron.CronSources;
import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.cron.CronTaskProvider;
import io.taskqueue.cron.DuplicateCronTaskException;

/**
 * The cron tasks that this application defines: those of its methods, with what is
 * configured for them, those that are only configured, and providers.
 */
final class CronTaskDefinitions implements Supplier<CronSources> {

	private final Map<String, CronTaskProperties> configured;

	private final Supplier<Map<String, CronTaskProvider>> providers;

	private final Map<String, CronTaskDefinition> annotated = new LinkedHashMap<>();

	private final Map<String, String> sources = new LinkedHashMap<>();

	CronTaskDefinitions(Map<String, CronTaskProperties> configured, Supplier<Map<String, CronTaskProvider>> providers) {
		this.configured = configured;
		this.providers = providers;
	}

	/**
	 * Adds the cron task of a method.
	 * @throws DuplicateCronTaskException if another method has its uuid
	 */
	void add(CronTaskDefinition definition, String source) {
		String other = this.sources.put(definition.uuid(), source);
		if (other != null) {
			throw new DuplicateCronTaskException(definition.uuid(), other, source);
		}
		CronTaskProperties options = this.configured.get(definition.uuid());
		this.annotated.put(definition.uuid(), (options != null) ? options.over(definition) : definition);
	}

	@Override
	public CronSources get() {
		List<CronTaskDefinition> others = new ArrayList<>();
		this.configured.forEach((uuid, options) -> {
			if (!this.annotated.containsKey(uuid)) {
				others.add(options.toDefinition(uuid));
			}
		});
		return new CronSources(List.copyOf(this.annotated.values()), others, this.providers.get());
	}

}
