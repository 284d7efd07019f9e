package io.taskqueue.cron;

import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import io.taskqueue.broker.CronBroker;
import io.taskqueue.broker.CronStorage;
import io.taskqueue.broker.OccurrenceBroker;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes definitions in Redis. A change first makes the queue refuse the old revision
 * and then writes the new one, so that a leader that does not know of the change yet,
 * however long it was paused, fires nothing by the old one.
 */
final class Catalog {

	private static final Logger logger = LoggerFactory.getLogger(Catalog.class);

	private static final int ATTEMPTS = 50;

	private final CronBroker tasks;

	private final OccurrenceBroker occurrences;

	private final TaskEncoder encoder;

	private final CronOptions options;

	private final Clock clock;

	Catalog(CronStorage storage, TaskEncoder encoder, CronOptions options, Clock clock) {
		this.tasks = storage.tasks();
		this.occurrences = storage.occurrences();
		this.encoder = encoder;
		this.options = options;
		this.clock = clock;
	}

	/** Makes one state of another. */
	@FunctionalInterface
	interface Change {

		/**
		 * Returns the new state.
		 * @param before the state now; {@code null} if there is none
		 * @return the new one, or the same for no change
		 */
		@Nullable StoredTask apply(@Nullable StoredTask before);

	}

	@Nullable StoredTask find(String uuid) {
		CronBroker.Stored stored = this.tasks.find(uuid);
		return (stored != null) ? unlessRemoved(StoredTask.read(stored.record())) : null;
	}

	/** Resolves a definition. */
	StoredTask resolve(CronTaskDefinition definition, String owner) {
		ZoneId zone = (definition.zone() != null) ? definition.zone() : this.options.zone();
		CronSchedule schedule = CronSchedule.parse(definition.expressions(), definition.zone(), zone,
				this.options.dst());
		TaskOptions options = new TaskOptions(definition.uuid(), definition.queue(), null, null, definition.retry(),
				definition.timeout(), null, definition.retention(), null, null, null, Map.of(), null);
		TaskMessage message = this.encoder.message(new TaskRequest(definition.type(), definition.payload(), options));
		long now = now();
		return new StoredTask(owner, definition.expressions(), schedule.expressions(), List.of(), zone.getId(),
				this.options.dst(), StoredTask.encode(message), definition.overlap(), definition.misfire(),
				definition.jitter().toMillis(), definition.enabled(), null, false, false, now, now, List.of());
	}

	/** Reads expressions that are to count in place of a task's own. */
	List<String> override(StoredTask task, List<String> expressions) {
		return CronSchedule.parse(expressions, null, ZoneId.of(task.zone()), task.dst()).expressions();
	}

	/**
	 * Writes a definition of the code, the configuration or a provider. The newest one
	 * counts: this is called when a process starts and when a provider's answer changes,
	 * not again and again, so that two versions of an application do not overwrite each
	 * other all the time.
	 */
	void declare(CronTaskDefinition definition, String owner) {
		StoredTask declared = resolve(definition, owner);
		warnOf(definition);
		change(definition.uuid(), (before) -> {
			if (before == null) {
				return declared;
			}
			if (!before.owner().equals(owner)) {
				logger.warn("Cron task '{}' was defined by {} and is by {} from now on", definition.uuid(),
						before.owner(), owner);
			}
			return before.redefined(declared);
		});
	}

	private void warnOf(CronTaskDefinition definition) {
		ZoneId zone = (definition.zone() != null) ? definition.zone() : this.options.zone();
		CronSchedule schedule = CronSchedule.parse(definition.expressions(), definition.zone(), zone,
				this.options.dst());
		schedule.warnings().forEach((warning) -> logger.warn("Cron task '{}': {}", definition.uuid(), warning));
		if (schedule.isExhausted(this.clock.instant())) {
			logger.warn("Cron task '{}' will not fire any more: all its dates have passed", definition.uuid());
		}
	}

	/**
	 * Changes a definition; once more if somebody else did at the same time.
	 * @return the state afterwards
	 */
	@Nullable StoredTask change(String uuid, Change change) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			CronBroker.Stored stored = this.tasks.find(uuid);
			StoredTask raw = (stored != null) ? StoredTask.read(stored.record()) : null;
			StoredTask before = unlessRemoved(raw);
			StoredTask after = change.apply(before);
			if (after == null || after.equals(before)) {
				return after;
			}
			long revision = (stored != null) ? stored.revision() : 0;
			long fired = (raw != null) ? this.occurrences.close(raw.template().queue(), uuid, revision) : 0;
			StoredTask following = after.following(before, now(), fired);
			if (this.tasks.store(uuid, revision, revision, following.write())) {
				return following;
			}
		}
		throw new TaskQueueUnavailableException(
				"Cron task '%s' is being changed by others all the time. Try again.".formatted(uuid), null);
	}

	/**
	 * Writes a definition again, so that it is above what its queue refuses: a change
	 * that was cut off after its first step, or counters that Redis has lost.
	 * @param refusedBy the revision above which the queue accepts
	 */
	void raise(String uuid, long refusedBy) {
		CronBroker.Stored stored = this.tasks.find(uuid);
		if (stored != null && stored.revision() < refusedBy) {
			logger.info("Cron task '{}' is written again, since a change of it was not completed", uuid);
			this.tasks.store(uuid, stored.revision(), refusedBy, stored.record());
		}
	}

	private long now() {
		return this.clock.instant().getEpochSecond();
	}

	private static @Nullable StoredTask unlessRemoved(@Nullable StoredTask task) {
		return (task == null || task.removed()) ? null : task;
	}

}
