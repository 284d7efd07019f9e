package io.taskqueue.cron;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.taskqueue.broker.CronBroker;
import io.taskqueue.broker.CronBroker.Leadership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One candidate for the leadership. The lock in Redis keeps the others from working in
 * vain; that nothing is fired twice does not depend on it.
 */
final class Leader {

	private static final Logger logger = LoggerFactory.getLogger(Leader.class);

	/** A lock expires in whole milliseconds by another clock. */
	private static final Duration MARGIN = Duration.ofMillis(20);

	private final CronBroker broker;

	private final String node;

	private final Duration lease;

	private final CronListener listener;

	/** Whether to ask at once; set by other threads. */
	private final AtomicBoolean vacant = new AtomicBoolean();

	private volatile long epoch;

	/** Until when it leads and when it asks again, by nanoTime. */
	private volatile long leadsUntil;

	private long asksAt = System.nanoTime();

	/** An epoch that stood against ours although we have the lock. */
	private long above;

	Leader(CronBroker broker, String node, Duration lease, CronListener listener) {
		this.broker = broker;
		this.node = node;
		this.lease = lease;
		this.listener = listener;
	}

	/** Returns the number of this leadership, or 0 if another one leads. */
	long epoch() {
		long epoch = this.epoch;
		return (this.leadsUntil - System.nanoTime() > 0) ? epoch : 0;
	}

	String node() {
		return this.node;
	}

	/** The lock may be free. */
	void onVacant() {
		this.vacant.set(true);
	}

	/**
	 * Asks for the leadership where that is due.
	 * @return whether it was
	 */
	boolean ask() {
		boolean vacant = this.vacant.getAndSet(false) && this.epoch == 0;
		if (!vacant && this.asksAt - System.nanoTime() > 0) {
			return false;
		}
		long sent = System.nanoTime();
		Leadership answer;
		try {
			answer = this.broker.lead(this.node, this.lease, this.above);
		}
		catch (RuntimeException ex) {
			if (this.epoch != 0 && epoch() == 0) {
				lost();
			}
			throw ex;
		}
		long third = this.lease.toNanos() / 3;
		if (answer.epoch() > 0) {
			this.asksAt = sent + third;
			this.leadsUntil = sent + this.lease.toNanos();
			if (answer.epoch() != this.epoch) {
				this.epoch = answer.epoch();
				logger.info("{} fires the cron tasks from now on (epoch {})", this.node, answer.epoch());
				this.listener.leadershipTaken(this.node);
			}
		}
		else {
			long remaining = answer.remaining().plus(MARGIN).toNanos();
			this.asksAt = System.nanoTime() + ((remaining > 0) ? Math.min(third, remaining) : third);
			if (this.epoch != 0) {
				lost();
			}
		}
		return true;
	}

	/** Returns how long there is nothing to ask for. */
	Duration untilAsking() {
		return Duration.ofNanos(Math.max(0, this.asksAt - System.nanoTime()));
	}

	/**
	 * Gives up for a leader with a higher epoch, or gets an epoch above what Redis has
	 * lost.
	 */
	void deposed(long by) {
		this.above = Math.max(this.above, by);
		resign();
		this.asksAt = System.nanoTime() + this.lease.toNanos() / 3;
	}

	/** Gives up the leadership, if it has it. */
	void resign() {
		if (this.epoch != 0) {
			lost();
			this.broker.resign(this.node);
		}
	}

	private void lost() {
		this.epoch = 0;
		logger.info("{} does not fire cron tasks any more", this.node);
		this.listener.leadershipLost(this.node);
	}

}
