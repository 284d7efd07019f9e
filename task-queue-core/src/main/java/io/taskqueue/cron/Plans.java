package io.taskqueue.cron;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

import io.taskqueue.broker.CronBroker;
import io.taskqueue.broker.OccurrenceBroker;
import io.taskqueue.broker.OccurrenceBroker.Entry;

/**
 * All cron tasks as the leader knows them, the next one to fire first. For one thread.
 */
final class Plans {

	/**
	 * For how long what was fired of a removed definition is remembered. By then no clock
	 * calls a tick new that a clock ahead of it has fired.
	 */
	private static final Duration REMEMBERED = Duration.ofMinutes(10);

	private final CronBroker tasks;

	private final OccurrenceBroker occurrences;

	private final Clock clock;

	private final Map<String, Plan> plans = new HashMap<>();

	private final Map<String, Plan> waiting = new LinkedHashMap<>();

	private final Map<String, CronBroker.Stored> removed = new LinkedHashMap<>();

	private final TreeSet<Plan> upcoming = new TreeSet<>(
			Comparator.comparing((Plan plan) -> Objects.requireNonNull(plan.next())).thenComparing(Plan::uuid));

	private long sequence;

	Plans(CronTaskRegistry registry) {
		this.tasks = registry.storage().tasks();
		this.occurrences = registry.storage().occurrences();
		this.clock = registry.clock();
	}

	Collection<Plan> all() {
		return this.plans.values();
	}

	/** Returns those that have a next tick, the earliest first. */
	SortedSet<Plan> upcoming() {
		return this.upcoming;
	}

	/** Returns those of which a tick waits for the previous occurrence. */
	List<Plan> waiting() {
		return new ArrayList<>(this.waiting.values());
	}

	/** Forgets everything. */
	void clear() {
		this.sequence = 0;
		this.plans.clear();
		this.waiting.clear();
		this.removed.clear();
		this.upcoming.clear();
	}

	/**
	 * Reads what changed.
	 * @return whether anything did
	 */
	boolean refresh(long epoch) {
		CronBroker.Changes changes = this.tasks.changes(this.sequence);
		if (changes.complete()) {
			clear();
		}
		changes.deleted().forEach(this::remove);
		Map<String, Map<String, Entry>> entries = new HashMap<>();
		changes.tasks().forEach((uuid, stored) -> {
			remove(uuid);
			StoredTask task = StoredTask.read(stored.record());
			if (task.removed()) {
				this.removed.put(uuid, stored);
			}
			else if (task.isActive()) {
				Plan plan = new Plan(uuid, stored.revision(), task);
				if (changes.complete()) {
					Entry entry = entries.computeIfAbsent(plan.message().queue(), this.occurrences::entries).get(uuid);
					if (entry != null) {
						plan.passed(entry.last());
						plan.waitWith(entry.waiting());
					}
				}
				this.plans.put(uuid, plan);
				add(plan);
			}
		});
		forgetRemoved(epoch);
		boolean changed = this.sequence != changes.sequence();
		this.sequence = changes.sequence();
		return changed;
	}

	/**
	 * The queue's note goes first: the definition tells the next leader that it is there.
	 */
	private void forgetRemoved(long epoch) {
		long until = this.clock.instant().minus(REMEMBERED).getEpochSecond();
		this.removed.entrySet().removeIf((entry) -> {
			long revision = entry.getValue().revision();
			StoredTask task = StoredTask.read(entry.getValue().record());
			if (task.since() > until) {
				return false;
			}
			if (this.occurrences.forget(task.template().queue(), epoch, entry.getKey())) {
				this.tasks.store(entry.getKey(), revision, revision, "");
			}
			return true;
		});
	}

	/** Counts a tick as fired, and lets one wait or none. */
	void passed(Plan plan, long tick, long waiting) {
		this.upcoming.remove(plan);
		this.waiting.remove(plan.uuid());
		plan.waitWith(waiting);
		plan.passed(tick);
		add(plan);
	}

	private void add(Plan plan) {
		if (plan.waiting() > 0) {
			this.waiting.put(plan.uuid(), plan);
		}
		if (plan.next() != null) {
			this.upcoming.add(plan);
		}
	}

	private void remove(String uuid) {
		Plan plan = this.plans.remove(uuid);
		this.waiting.remove(uuid);
		this.removed.remove(uuid);
		if (plan != null && plan.next() != null) {
			this.upcoming.remove(plan);
		}
	}

}
