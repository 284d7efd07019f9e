package io.taskqueue.cron;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.cron.Firing.DeposedException;
import io.taskqueue.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of a process: declares the process's cron tasks and stands for election.
 * The elected one of a namespace fires the cron tasks of all. May be started and stopped
 * again and again; both are idempotent.
 */
public final class CronScheduler {

	private static final Logger logger = LoggerFactory.getLogger(CronScheduler.class);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private final CronTaskRegistry registry;

	private final Declarations declarations;

	private final Leader leader;

	private final Board board;

	private final Firing firing;

	private final Retirement retirement;

	/** Whether definitions may have changed. */
	private final AtomicBoolean changed = new AtomicBoolean();

	/** What runs between start and stop; guarded by this. */
	private @Nullable Loop scheduling;

	private @Nullable Loop declaring;

	private FleetBroker.@Nullable Listening listening;

	/**
	 * Creates a scheduler, not started.
	 * @param registry the cron tasks of the namespace
	 * @param sources the cron tasks of this process, asked for at each start
	 * @param listener hears what it does
	 */
	public CronScheduler(CronTaskRegistry registry, Supplier<CronSources> sources, CronListener listener) {
		GuardedListener guarded = new GuardedListener(listener);
		String node = "%s:%d:%s".formatted(host(), ManagementFactory.getRuntimeMXBean().getPid(), UUID.randomUUID());
		this.registry = registry;
		this.declarations = new Declarations(registry, sources);
		this.leader = new Leader(registry.storage().tasks(), node, registry.options().lease(), guarded);
		this.board = new Board(registry.storage().board(), node, registry.entryIds());
		this.firing = new Firing(registry, this.board, guarded);
		this.retirement = new Retirement(registry);
	}

	/**
	 * Declares the cron tasks of this process, then stands for election.
	 * @throws DuplicateCronTaskException if two of them have the same uuid
	 * @throws IllegalStateException if a provider fails
	 */
	public synchronized void start() {
		if (this.scheduling != null) {
			return;
		}
		this.declarations.start();
		Loop scheduling = new Loop("task-queue-cron", this::round);
		Loop declaring = new Loop("task-queue-cron-declare", this.declarations::round);
		this.listening = this.registry.storage().tasks().listen(() -> {
			onChange();
			scheduling.wake();
		});
		this.scheduling = scheduling;
		this.declaring = declaring;
		scheduling.start();
		declaring.start();
	}

	/** Stops, and leaves the leadership to another one at once. */
	public synchronized void stop() {
		Loop scheduling = this.scheduling;
		Loop declaring = this.declaring;
		if (scheduling == null || declaring == null) {
			return;
		}
		this.scheduling = null;
		declaring.stop();
		scheduling.stop();
		declaring.join(STOP_LIMIT);
		scheduling.join(STOP_LIMIT);
		FleetBroker.Listening listening = this.listening;
		if (listening != null) {
			listening.close();
		}
		try {
			// After the thread has ended: it would only be elected again
			this.leader.resign();
			this.board.clear();
		}
		catch (RuntimeException ex) {
			logger.warn("The leadership could not be given up, so the next leader waits for the end of the lease: {}",
					ex.getMessage());
		}
		this.firing.clear();
	}

	/** Tells whether it was started. */
	public synchronized boolean isRunning() {
		return this.scheduling != null;
	}

	/** Tells whether this process fires the cron tasks of the namespace. */
	public boolean isLeader() {
		return this.leader.epoch() > 0;
	}

	/** Returns the name by which the registry shows this process as leader. */
	public String node() {
		return this.leader.node();
	}

	Declarations declarations() {
		return this.declarations;
	}

	Retirement retirement() {
		return this.retirement;
	}

	/** Definitions may have changed, or the leader resigned. */
	void onChange() {
		this.changed.set(true);
		this.leader.onVacant();
	}

	/** Does what is to be done now and returns how long to wait. */
	Duration round() {
		boolean asked = this.leader.ask();
		long epoch = this.leader.epoch();
		if (epoch == 0) {
			if (this.firing.epoch() != 0) {
				this.firing.clear();
			}
			return this.leader.untilAsking();
		}
		if (epoch != this.firing.epoch()) {
			this.firing.begin(epoch);
			this.retirement.begin();
		}
		// Each time the lease is renewed as well: messages may be lost
		else if (this.changed.getAndSet(false) || asked) {
			this.firing.refresh(epoch);
		}
		try {
			Duration wait = this.firing.round();
			if (!wait.isZero()) {
				wait = shorter(wait, this.board.round(this.firing.plans()));
				this.retirement.round();
			}
			return shorter(wait, this.leader.untilAsking());
		}
		catch (DeposedException ex) {
			logger.warn("{} leads by epoch {}, but a leader of epoch {} was here. Asking anew", node(), epoch, ex.by());
			this.firing.clear();
			this.leader.deposed(ex.by());
			return this.leader.untilAsking();
		}
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown-host";
		}
	}

}
