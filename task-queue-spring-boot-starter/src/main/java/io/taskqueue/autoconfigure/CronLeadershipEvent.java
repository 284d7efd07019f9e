package io.taskqueue.autoconfigure;

import org.springframework.context.ApplicationEvent;

/**
 * This application has begun or ceased to fire the cron tasks of its namespace. Published
 * on the scheduler's thread.
 */
public final class CronLeadershipEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String node;

	private final boolean leading;

	CronLeadershipEvent(Object source, String node, boolean leading) {
		super(source);
		this.node = node;
		this.leading = leading;
	}

	/** Returns the name of this process, as the registry shows the leader. */
	public String node() {
		return this.node;
	}

	/** Returns whether it leads now. */
	public boolean isLeading() {
		return this.leading;
	}

}
