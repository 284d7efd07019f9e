package io.taskqueue.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.taskqueue.broker.OccurrenceBroker;
import io.taskqueue.broker.OccurrenceBroker.Answer;
import io.taskqueue.broker.OccurrenceBroker.Tick;
import io.taskqueue.broker.OccurrenceBroker.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's work: knows all definitions, sleeps until the next tick of any of them,
 * and fires what is due. For one thread. A leader that is wrong about something, because
 * it was paused for instance, is refused by Redis and reads again.
 */
final class Firing {

	private static final Logger logger = LoggerFactory.getLogger(Firing.class);

	/** How many ticks of one cron task are fired before others have their turn. */
	private static final int TICKS_OF_TASK = 100;

	/** How many ticks are fired before the leader renews its lease, if that is due. */
	private static final int TICKS_OF_ROUND = 1000;

	/** How many ticks one script call fires. */
	private static final int TICKS_OF_CALL = 100;

	/** How often it is asked whether an occurrence that a tick waits for is done. */
	private static final Duration RELEASE = Duration.ofSeconds(1);

	private static final Duration FOREVER = Duration.ofDays(1);

	private final OccurrenceBroker occurrences;

	private final Catalog catalog;

	private final Board board;

	private final CronListener listener;

	private final Duration threshold;

	private final Clock clock;

	private final Plans plans;

	private long epoch;

	private boolean refused;

	Firing(CronTaskRegistry registry, Board board, CronListener listener) {
		this.plans = new Plans(registry);
		this.occurrences = registry.storage().occurrences();
		this.catalog = registry.catalog();
		this.threshold = registry.options().misfireThreshold();
		this.clock = registry.clock();
		this.board = board;
		this.listener = listener;
	}

	long epoch() {
		return this.epoch;
	}

	Collection<Plan> plans() {
		return this.plans.all();
	}

	/** Forgets everything: another one leads. */
	void clear() {
		this.epoch = 0;
		this.plans.clear();
	}

	/** Begins with a new leadership. */
	void begin(long epoch) {
		clear();
		refresh(epoch);
		// Not before everything was read: what fails is begun again
		this.epoch = epoch;
	}

	/** Reads what changed. */
	void refresh(long epoch) {
		if (this.plans.refresh(epoch)) {
			this.board.changed();
		}
	}

	/**
	 * Fires what is due.
	 * @return how long to wait
	 * @throws DeposedException if there is a newer leader
	 */
	Duration round() throws DeposedException {
		release();
		boolean more = fireDue();
		if (this.refused) {
			this.refused = false;
			refresh(this.epoch);
			return Duration.ZERO;
		}
		return more ? Duration.ZERO : untilNext();
	}

	private Duration untilNext() {
		Duration wait = FOREVER;
		if (!this.plans.upcoming().isEmpty()) {
			Duration next = Duration.between(this.clock.instant(), this.plans.upcoming().first().next());
			wait = next.isNegative() ? Duration.ZERO : next;
		}
		return (this.plans.waiting().isEmpty() || wait.compareTo(RELEASE) < 0) ? wait : RELEASE;
	}

	private void release() throws DeposedException {
		Map<String, List<Job>> jobs = new LinkedHashMap<>();
		for (Plan plan : this.plans.waiting()) {
			add(jobs, plan, plan.tick(Verb.RELEASE, Instant.ofEpochSecond(plan.waiting())));
		}
		send(jobs);
	}

	/** Returns whether there may be more. */
	private boolean fireDue() throws DeposedException {
		Instant now = this.clock.instant();
		Map<String, List<Job>> jobs = new LinkedHashMap<>();
		int count = 0;
		boolean more = false;
		for (Plan plan : this.plans.upcoming()) {
			if (Objects.requireNonNull(plan.next()).isAfter(now)) {
				break;
			}
			if (count >= TICKS_OF_ROUND) {
				more = true;
				break;
			}
			Plan.Due due = plan.due(now, this.threshold);
			report(plan, due);
			more |= due.ticks().size() > TICKS_OF_TASK;
			for (Instant tick : due.ticks().subList(0, Math.min(TICKS_OF_TASK, due.ticks().size()))) {
				add(jobs, plan, plan.tick(due.verb(), tick));
				count++;
			}
		}
		send(jobs);
		return more;
	}

	private void report(Plan plan, Plan.Due due) {
		if (due.dropped() != null) {
			logger.warn("Cron task '{}' missed ticks since {}: by its policy {} the next one fired is {}", plan.uuid(),
					due.dropped(), plan.task().misfire(),
					(due.verb() == Verb.FIRE) ? due.ticks().get(0) : "in the future");
			this.listener.missed(plan.uuid(), due.dropped(), due.ticks().get(due.ticks().size() - 1));
		}
	}

	private static void add(Map<String, List<Job>> jobs, Plan plan, Tick tick) {
		jobs.computeIfAbsent(plan.message().queue(), (queue) -> new ArrayList<>()).add(new Job(plan, tick));
	}

	private void send(Map<String, List<Job>> jobs) throws DeposedException {
		for (Map.Entry<String, List<Job>> ofQueue : jobs.entrySet()) {
			List<Job> all = ofQueue.getValue();
			for (int from = 0; from < all.size(); from += TICKS_OF_CALL) {
				List<Job> batch = all.subList(from, Math.min(all.size(), from + TICKS_OF_CALL));
				List<Answer> answers = fire(ofQueue.getKey(), batch);
				for (int i = 0; i < batch.size(); i++) {
					settle(batch.get(i), answers.get(i));
				}
			}
		}
	}

	private List<Answer> fire(String queue, List<Job> batch) {
		List<CronFiring> firings = batch.stream().map(this::firing).toList();
		List<Tick> ticks = new ArrayList<>(batch.size());
		for (int i = 0; i < batch.size(); i++) {
			ticks.add(batch.get(i).tick().withHeaders(firings.get(i).headers()));
		}
		try {
			List<Answer> answers = this.occurrences.fire(queue, this.epoch, ticks);
			for (int i = 0; i < batch.size(); i++) {
				firings.get(i).ended(ending(answers.get(i).outcome()), null);
			}
			return answers;
		}
		catch (RuntimeException ex) {
			firings.forEach((firing) -> firing.ended(CronFiring.Ending.FAILED, ex));
			throw ex;
		}
	}

	private CronFiring firing(Job job) {
		return (job.tick().verb() == Verb.FIRE) ? this.listener.firing(job.plan().uuid(), job.tick().message().type(),
				job.tick().message().queue(), Instant.ofEpochSecond(job.tick().second())) : CronFiring.NONE;
	}

	private static CronFiring.Ending ending(OccurrenceBroker.Outcome outcome) {
		return switch (outcome) {
			case CREATED -> CronFiring.Ending.FIRED;
			case SKIPPED, WAITING -> CronFiring.Ending.OVERLAPPED;
			case KEPT, STALE, DEPOSED -> CronFiring.Ending.OBSOLETE;
		};
	}

	private void settle(Job job, Answer answer) throws DeposedException {
		Plan plan = job.plan();
		long second = job.tick().second();
		Instant tick = Instant.ofEpochSecond(second);
		switch (answer.outcome()) {
			case DEPOSED -> throw new DeposedException(answer.refusedBy());
			case STALE -> {
				this.refused = true;
				this.catalog.raise(plan.uuid(), answer.refusedBy());
				return;
			}
			case CREATED -> {
				this.board.fired(plan.uuid(), answer.id(), second);
				this.listener.fired(plan.uuid(), answer.id(), tick);
			}
			case SKIPPED -> this.listener.overlapped(plan.uuid(), tick);
			case WAITING -> {
				if (job.tick().verb() == Verb.FIRE) {
					this.listener.overlapped(plan.uuid(), tick);
				}
			}
			case KEPT -> {
			}
		}
		boolean waits = answer.outcome() == OccurrenceBroker.Outcome.WAITING;
		boolean releases = job.tick().verb() == Verb.RELEASE;
		this.plans.passed(plan, second, waits ? second : (releases ? 0 : plan.waiting()));
	}

	/** A tick that is sent. */
	private record Job(Plan plan, Tick tick) {
	}

	/** There is a leader with a higher epoch. */
	static final class DeposedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final long by;

		DeposedException(long by) {
			super("deposed by epoch " + by, null, false, false);
			this.by = by;
		}

		long by() {
			return this.by;
		}

	}

}
