package io.taskqueue.cron;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.taskqueue.broker.CronBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares the cron tasks of this process: all of them when it starts, a provider's when
 * they change, and every minute only that they still exist. For one thread.
 */
final class Declarations {

	private static final Logger logger = LoggerFactory.getLogger(Declarations.class);

	static final Duration HEARTBEAT = Duration.ofMinutes(1);

	private final CronBroker tasks;

	private final Catalog catalog;

	private final Supplier<CronSources> origin;

	private CronSources sources = CronSources.NONE;

	private final Duration syncInterval;

	/** What this process defines, with the owner, by uuid. */
	private final Map<String, Declared> declared = new HashMap<>();

	private long syncAt;

	private long heartbeatAt;

	Declarations(CronTaskRegistry registry, Supplier<CronSources> origin) {
		this.tasks = registry.storage().tasks();
		this.catalog = registry.catalog();
		this.syncInterval = registry.options().syncInterval();
		this.origin = origin;
	}

	/**
	 * Declares everything.
	 * @throws DuplicateCronTaskException if two definitions have the same uuid
	 * @throws IllegalStateException if a provider fails
	 */
	void start() {
		this.sources = this.origin.get();
		this.declared.clear();
		Map<String, Declared> all = new TreeMap<>();
		this.sources.annotated().forEach((definition) -> collect(all, definition, "annotation"));
		this.sources.configured().forEach((definition) -> collect(all, definition, "properties"));
		for (String provider : this.sources.providers().keySet()) {
			try {
				load(provider).forEach((definition) -> collect(all, definition, owner(provider)));
			}
			catch (DuplicateCronTaskException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException("Cron task provider '%s' failed: %s. Its first answer must be valid."
					.formatted(provider, ex.getMessage()), ex);
			}
		}
		all.forEach((uuid, task) -> this.catalog.declare(task.definition(), task.owner()));
		this.declared.putAll(all);
		this.tasks.declared(all.keySet());
		this.syncAt = System.nanoTime() + this.syncInterval.toNanos();
		this.heartbeatAt = System.nanoTime() + HEARTBEAT.toNanos();
	}

	/**
	 * Does what is due.
	 * @return how long to wait
	 */
	Duration round() {
		if (this.syncAt - System.nanoTime() <= 0) {
			this.syncAt = System.nanoTime() + this.syncInterval.toNanos();
			sync();
		}
		if (this.heartbeatAt - System.nanoTime() <= 0) {
			beat();
			this.heartbeatAt = System.nanoTime() + HEARTBEAT.toNanos();
		}
		long due = this.sources.providers().isEmpty() ? this.heartbeatAt
				: System.nanoTime() + Math.min(this.syncAt - System.nanoTime(), this.heartbeatAt - System.nanoTime());
		return Duration.ofNanos(Math.max(0, due - System.nanoTime()));
	}

	/** Tells that the definitions still exist, and declares those that were forgotten. */
	void beat() {
		if (!this.declared.isEmpty()) {
			for (String uuid : this.tasks.declared(this.declared.keySet())) {
				Declared task = this.declared.get(uuid);
				if (task != null) {
					this.catalog.declare(task.definition(), task.owner());
				}
			}
		}
	}

	/** Asks the providers. */
	void sync() {
		for (String provider : this.sources.providers().keySet()) {
			String owner = owner(provider);
			try {
				Map<String, Declared> loaded = new TreeMap<>();
				this.declared.forEach((uuid, task) -> {
					if (!task.owner().equals(owner)) {
						loaded.put(uuid, task);
					}
				});
				load(provider).forEach((definition) -> collect(loaded, definition, owner));
				replace(owner, loaded);
			}
			catch (Exception ex) {
				logger.warn("Cron task provider '{}' failed, its cron tasks stay as they are: {}", provider,
						ex.toString());
				logger.debug("Cron task provider '{}'", provider, ex);
			}
		}
	}

	private void replace(String owner, Map<String, Declared> loaded) {
		for (Declared task : loaded.values()) {
			String uuid = task.definition().uuid();
			if (!task.equals(this.declared.get(uuid))) {
				this.catalog.declare(task.definition(), owner);
				this.declared.put(uuid, task);
				this.tasks.declared(Set.of(uuid));
			}
		}
		for (String uuid : List.copyOf(this.declared.keySet())) {
			if (!loaded.containsKey(uuid)) {
				this.catalog.change(uuid,
						(task) -> (task != null && task.owner().equals(owner)) ? task.asRemoved() : task);
				this.declared.remove(uuid);
			}
		}
	}

	@SuppressWarnings("NullAway")
	private List<CronTaskDefinition> load(String provider) throws Exception {
		return this.sources.providers().get(provider).load();
	}

	private static String owner(String provider) {
		return "provider:" + provider;
	}

	private static void collect(Map<String, Declared> all, CronTaskDefinition definition, String owner) {
		Declared before = all.put(definition.uuid(), new Declared(definition, owner));
		if (before != null) {
			throw new DuplicateCronTaskException(definition.uuid(), before.owner(), owner);
		}
	}

	/** A definition with its owner. */
	private record Declared(CronTaskDefinition definition, String owner) {
	}

}
