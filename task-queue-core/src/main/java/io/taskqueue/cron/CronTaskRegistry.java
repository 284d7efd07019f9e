package io.taskqueue.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

import io.taskqueue.CronTaskNotFoundException;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidCronExpressionException;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.CronBroker;
import io.taskqueue.broker.CronStorage;
import io.taskqueue.broker.OccurrenceBroker;
import io.taskqueue.broker.OccurrenceBroker.Answer;
import io.taskqueue.broker.OccurrenceBroker.Entry;
import io.taskqueue.broker.OccurrenceBroker.Tick;
import io.taskqueue.broker.OccurrenceBroker.Verb;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * The cron tasks of a namespace, to look at and to change at run time. What is changed
 * here is kept in Redis, counts for all processes at once and survives restarts. All
 * methods throw {@link TaskQueueUnavailableException} if Redis cannot be reached, and may
 * be repeated then.
 */
public final class CronTaskRegistry {

	private static final int ATTEMPTS = 5;

	private final CronStorage storage;

	private final Catalog catalog;

	private final CronOptions options;

	private final Clock clock;

	private final EntryIds entryIds;

	/**
	 * Creates a registry.
	 * @param storage where cron tasks are kept
	 * @param namespace the namespace
	 * @param encoder resolves options and writes payloads
	 * @param options how cron tasks are kept
	 * @param clock the clock
	 */
	public CronTaskRegistry(CronStorage storage, String namespace, TaskEncoder encoder, CronOptions options,
			Clock clock) {
		this.storage = storage;
		this.catalog = new Catalog(storage, encoder, options, clock);
		this.options = options;
		this.clock = clock;
		this.entryIds = new EntryIds(namespace);
	}

	/**
	 * Registers a cron task, or changes one that was registered. One that is the same
	 * already stays as it is. A change touches only the future; expressions and
	 * enablement that were changed at run time stay as long as the definition's
	 * expressions are the same.
	 * @throws InvalidTaskException if the code, the configuration or a provider of a live
	 * process defines the uuid
	 */
	public CronTaskInfo register(CronTaskDefinition definition) {
		StoredTask wanted = this.catalog.resolve(definition, StoredTask.REGISTRY);
		return info(definition.uuid(), this.catalog.change(definition.uuid(), (before) -> {
			if (before == null) {
				return wanted;
			}
			requireFree(definition.uuid(), before, "register it under another uuid");
			return before.redefined(wanted);
		}));
	}

	/**
	 * Lets other expressions count in place of the defined ones, from now on. They
	 * survive restarts, until {@link #restoreExpression} or until the definition names
	 * other expressions than today.
	 * @throws InvalidCronExpressionException if one cannot be read or never fires
	 * @throws CronTaskNotFoundException if there is no such cron task
	 */
	public CronTaskInfo updateExpression(String uuid, String... expressions) {
		return update(uuid, (task) -> task.withOverride(this.catalog.override(task, List.of(expressions))));
	}

	/**
	 * Lets the defined expressions count again.
	 * @throws CronTaskNotFoundException if there is no such cron task
	 */
	public CronTaskInfo restoreExpression(String uuid) {
		return update(uuid, (task) -> task.withOverride(List.of()));
	}

	/**
	 * Lets a cron task fire from now on, whatever its definition says. Ticks while it was
	 * disabled are not made up for.
	 * @throws CronTaskNotFoundException if there is no such cron task
	 */
	public CronTaskInfo enable(String uuid) {
		return update(uuid, (task) -> task.withSwitched(true));
	}

	/**
	 * Stops a cron task from firing. Once this has returned, no leader fires it.
	 * Occurrences that are there already are not touched.
	 * @throws CronTaskNotFoundException if there is no such cron task
	 */
	public CronTaskInfo disable(String uuid) {
		return update(uuid, (task) -> task.withSwitched(false));
	}

	/**
	 * Enqueues an occurrence now, whether the cron task is enabled or not. Its ticks stay
	 * what they are.
	 * @return the id of the task
	 * @throws TaskConflictException if the previous occurrence is not done, unless
	 * occurrences may overlap
	 * @throws CronTaskNotFoundException if there is no such cron task
	 */
	public String triggerNow(String uuid) {
		long second = this.clock.instant().getEpochSecond();
		String id = "%s@%d-%06x".formatted(uuid, second, ThreadLocalRandom.current().nextInt(1 << 24));
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			CronBroker.Stored stored = this.storage.tasks().find(uuid);
			StoredTask task = (stored != null) ? StoredTask.read(stored.record()) : null;
			if (stored == null || task == null || task.removed()) {
				throw new CronTaskNotFoundException(uuid);
			}
			TaskMessage message = task.template();
			Answer answer = this.storage.occurrences()
				.fire(message.queue(), 0,
						List.of(new Tick(Verb.TRIGGER, uuid, stored.revision(), second, task.overlap(), id, message,
								null)))
				.get(0);
			switch (answer.outcome()) {
				case STALE -> this.catalog.raise(uuid, answer.refusedBy());
				case SKIPPED -> throw new TaskConflictException(
						"cron task '%s' was not triggered: its occurrence '%s' is not done; wait for it, or set overlap to ALLOW"
							.formatted(uuid, answer.id()),
						message.queue(), answer.id(), Enqueued.CONFLICT);
				default -> {
					this.storage.board().note(this.entryIds.of(uuid), this.entryIds.event(answer.id(), second));
					return answer.id();
				}
			}
		}
		throw new TaskQueueUnavailableException(
				"Cron task '%s' is being changed by others all the time. Try again.".formatted(uuid), null);
	}

	/**
	 * Removes a cron task that was registered here, or one that no live process defines
	 * any more. Once this has returned, no leader fires it.
	 * @return whether there was one
	 * @throws InvalidTaskException if a live process defines it
	 */
	public boolean remove(String uuid) {
		boolean[] found = { false };
		this.catalog.change(uuid, (before) -> {
			if (before == null) {
				return null;
			}
			requireFree(uuid, before, "disable it, or remove it there");
			found[0] = true;
			return before.asRemoved();
		});
		if (found[0]) {
			this.storage.board().forget(this.entryIds.of(uuid));
		}
		return found[0];
	}

	/** Returns a cron task. */
	public Optional<CronTaskInfo> find(String uuid) {
		StoredTask task = this.catalog.find(uuid);
		return (task != null) ? Optional.of(info(uuid, task)) : Optional.empty();
	}

	/** Returns all cron tasks, by uuid. */
	public List<CronTaskInfo> list() {
		Map<String, Map<String, Entry>> entries = new HashMap<>();
		List<CronTaskInfo> infos = new ArrayList<>();
		this.storage.tasks().changes(0).tasks().forEach((uuid, stored) -> {
			StoredTask task = StoredTask.read(stored.record());
			if (!task.removed()) {
				Map<String, Entry> ofQueue = entries.computeIfAbsent(task.template().queue(),
						this.storage.occurrences()::entries);
				infos.add(info(uuid, task, ofQueue.get(uuid)));
			}
		});
		infos.sort(Comparator.comparing(CronTaskInfo::uuid));
		return infos;
	}

	/**
	 * Returns the occurrences of a cron task, newest first; the last thousand are kept.
	 * @param limit how many at most; at least 1
	 */
	public List<CronOccurrence> history(String uuid, int limit) {
		return this.storage.board()
			.history(this.entryIds.of(uuid), limit)
			.stream()
			.map((event) -> new CronOccurrence(event.taskId(), event.enqueueTime()))
			.toList();
	}

	/** Returns the process that fires the cron tasks, if there is one. */
	public Optional<String> leader() {
		return Optional.ofNullable(this.storage.tasks().leader());
	}

	CronStorage storage() {
		return this.storage;
	}

	Catalog catalog() {
		return this.catalog;
	}

	CronOptions options() {
		return this.options;
	}

	Clock clock() {
		return this.clock;
	}

	EntryIds entryIds() {
		return this.entryIds;
	}

	private CronTaskInfo update(String uuid, UnaryOperator<StoredTask> change) {
		return info(uuid, this.catalog.change(uuid, (before) -> {
			if (before == null) {
				throw new CronTaskNotFoundException(uuid);
			}
			return change.apply(before);
		}));
	}

	private static void requireFree(String uuid, StoredTask task, String fix) {
		if (!task.isOfRegistry() && !task.retired()) {
			throw new InvalidTaskException("cron task '%s' is defined by %s; %s".formatted(uuid, task.owner(), fix));
		}
	}

	private CronTaskInfo info(String uuid, @Nullable StoredTask task) {
		if (task == null) {
			throw new CronTaskNotFoundException(uuid);
		}
		return info(uuid, task, this.storage.occurrences().entries(task.template().queue()).get(uuid));
	}

	private CronTaskInfo info(String uuid, StoredTask task, @Nullable Entry entry) {
		TaskMessage message = task.template();
		long fired = (entry != null) ? entry.last() : 0;
		Instant next = task.isActive() ? Timeline.of(task).next(Math.max(fired, this.clock.instant().getEpochSecond()))
				: null;
		return new CronTaskInfo(uuid, task.owner(), task.expressions(), !task.override().isEmpty(), message.type(),
				message.queue(), message.retry(), Duration.ofSeconds(message.timeout()), task.overlap(), task.misfire(),
				Duration.ofMillis(task.jitterMillis()), task.isEnabled(), task.retired(), next,
				(fired > 0) ? Instant.ofEpochSecond(fired) : null);
	}

}
