package io.taskqueue.cron;

import java.util.List;

/**
 * Supplies cron tasks from somewhere else, such as a file or a table, again and again.
 * The first answer must be valid, or the application does not start. Later, new
 * definitions are added, changed ones updated and missing ones removed; an answer that
 * fails or is invalid is logged and left out as a whole.
 */
@FunctionalInterface
public interface CronTaskProvider {

	/**
	 * Returns all definitions of this provider. Called on a thread of its own.
	 * @throws Exception if they cannot be had now
	 */
	List<CronTaskDefinition> load() throws Exception;

}
