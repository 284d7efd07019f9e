package io.taskqueue.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.broker.UpkeepBroker.Archive;
import io.taskqueue.broker.UpkeepBroker.Held;
import io.taskqueue.broker.UpkeepBroker.OwnerSeen;
import io.taskqueue.broker.UpkeepBroker.Recovery;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.UpkeepBroker.RetryAt;
import io.taskqueue.wire.TaskMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks away from owners that are gone.
 * <ul>
 * <li>An owner of ours whose server record is missing in two looks is dead: its tasks go
 * back to the head of the queue without using an attempt, a dozen seconds after the
 * death.</li>
 * <li>A lease that expired 30 s ago, whoever held it: asynq's own rule. Tasks of Go
 * servers are retried or archived as asynq does it; ours go back without using an
 * attempt.</li>
 * <li>A task that was in the hands of three workers in a row when they died is
 * archived.</li>
 * </ul>
 * After Redis or the connection was gone, owners that could not show a sign of life get
 * 30 s to do so. The leases and records of a fleet all run out during such a time. An
 * owner whose record is missing although it fetched or renewed just now has only not come
 * to write it again.
 */
final class Recoverer {

	private static final Logger logger = LoggerFactory.getLogger(Recoverer.class);

	/** asynq's slack after a lease has expired, which covers clocks that differ. */
	static final Duration SLACK = Duration.ofSeconds(30);

	/** How long owners have to show themselves after an outage. */
	static final Duration GRACE = Duration.ofSeconds(30);

	/**
	 * For how long a fetch or a renewal shows that an owner lives; as long as a record.
	 */
	static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

	/** This many crashes in a row make a task poison. */
	static final int POISON = 3;

	static final String LEASE_EXPIRED = "asynq: task lease expired";

	private static final int BATCH = 100;

	private final UpkeepBroker broker;

	private final FleetBroker fleet;

	private final Clock clock;

	private final Function<TaskMessage, Duration> retryDelay;

	private final RecoveryListener listener;

	/** Owners, with their queue, that had no server record at the last look. */
	private Set<OwnerIn> missing = new HashSet<>();

	/** When the connection was last found not to work; its thread's only. */
	private Instant reconnected = Instant.MIN;

	Recoverer(UpkeepBroker broker, FleetBroker fleet, Clock clock, Function<TaskMessage, Duration> retryDelay,
			RecoveryListener listener) {
		this.broker = broker;
		this.fleet = fleet;
		this.clock = clock;
		this.retryDelay = retryDelay;
		this.listener = listener;
	}

	void onReconnect() {
		this.reconnected = this.clock.instant();
	}

	/** Looks for dead owners. */
	void recoverFromDeadOwners(Set<String> queues) {
		try {
			Set<OwnerIn> missingNow = new HashSet<>();
			for (String queue : queues) {
				for (OwnerSeen owner : missingOwners(queue)) {
					OwnerIn where = new OwnerIn(queue, owner.owner());
					if (this.missing.contains(where) && mayBeJudged(queue, owner)) {
						recoverFrom(queue, owner.owner());
					}
					missingNow.add(where);
				}
			}
			this.missing = missingNow;
		}
		catch (TaskQueueUnavailableException ex) {
			onReconnect();
			throw ex;
		}
	}

	/** Looks for leases that expired long ago. */
	void recoverExpired(String queue) {
		List<Held> expired = expired(queue);
		if (expired.isEmpty() || this.clock.instant().isBefore(answersSince(queue).plus(GRACE))) {
			return;
		}
		while (recover(queue, expired, "its lease expired") && expired.size() == BATCH) {
			expired = expired(queue);
		}
	}

	private List<Held> expired(String queue) {
		return this.broker.expired(queue, this.clock.instant().minus(SLACK), BATCH);
	}

	private List<OwnerSeen> missingOwners(String queue) {
		List<OwnerSeen> owners = this.broker.owners(queue);
		Set<String> alive = this.fleet.alive(owners.stream().map(OwnerSeen::owner).toList());
		return owners.stream().filter((owner) -> !alive.contains(owner.owner())).toList();
	}

	private boolean mayBeJudged(String queue, OwnerSeen owner) {
		if (owner.lastSeen().isAfter(this.clock.instant().minus(SIGN_OF_LIFE))) {
			return false;
		}
		Instant since = answersSince(queue);
		return owner.lastSeen().isAfter(since) || !this.clock.instant().isBefore(since.plus(GRACE));
	}

	/**
	 * Since when Redis has been up and we have been connected to it, as far as we know.
	 */
	private Instant answersSince(String queue) {
		Instant started = this.clock.instant().minus(this.fleet.uptime(queue));
		return started.isAfter(this.reconnected) ? started : this.reconnected;
	}

	private void recoverFrom(String queue, String owner) {
		List<Held> held = this.broker.heldBy(queue, owner, BATCH);
		while (!held.isEmpty() && recover(queue, held, "its worker " + owner + " died")) {
			held = this.broker.heldBy(queue, owner, BATCH);
		}
		if (held.isEmpty()) {
			this.broker.forgetOwner(queue, owner);
		}
	}

	/** Returns whether anything was recovered, so that a loop over leftovers ends. */
	private boolean recover(String queue, List<Held> held, String reason) {
		if (held.isEmpty()) {
			return false;
		}
		List<Recovery> recoveries = new ArrayList<>(held.size());
		for (Held task : held) {
			recoveries.add(task.owned() ? afterCrash(task) : asAsynq(task));
		}
		Set<String> recovered = this.broker.recover(queue, recoveries);
		for (Recovery recovery : recoveries) {
			if (recovered.contains(recovery.id())) {
				logger.warn("Recovered task {} of queue {}: {}; {}", recovery.id(), queue, reason, describe(recovery));
				this.listener.recovered(queue, recovery.id());
			}
		}
		return !recovered.isEmpty();
	}

	private Recovery afterCrash(Held task) {
		int crashes = task.crashes() + 1;
		if (crashes < POISON) {
			return new Requeue(task.id(), task.lease(), crashes);
		}
		byte[] message = rewritten(task,
				(record) -> record.failedUncounted(
						"poison: %d workers in a row died while they ran this task".formatted(crashes),
						this.clock.instant().getEpochSecond()));
		return new Archive(task.id(), task.lease(), message);
	}

	private Recovery asAsynq(Held task) {
		long now = this.clock.instant().getEpochSecond();
		TaskMessage message;
		try {
			message = TaskMessage.decode(task.message());
		}
		catch (IllegalArgumentException ex) {
			return new Archive(task.id(), task.lease(), task.message());
		}
		if (message.retried() >= message.retry()) {
			return new Archive(task.id(), task.lease(), message.failedUncounted(LEASE_EXPIRED, now).encode());
		}
		return new RetryAt(task.id(), task.lease(), message.failed(LEASE_EXPIRED, now).encode(),
				this.clock.instant().plus(this.retryDelay.apply(message)));
	}

	private static byte[] rewritten(Held task, Function<TaskMessage, TaskMessage> change) {
		try {
			return change.apply(TaskMessage.decode(task.message())).encode();
		}
		catch (IllegalArgumentException ex) {
			return task.message();
		}
	}

	private static String describe(Recovery recovery) {
		if (recovery instanceof Requeue requeue) {
			return "it goes back to the head of the queue without using an attempt (crashes in a row: "
					+ requeue.crashes() + ")";
		}
		return (recovery instanceof RetryAt retry) ? "it is retried at " + retry.at() : "it is archived";
	}

	private record OwnerIn(String queue, String owner) {
	}

}
