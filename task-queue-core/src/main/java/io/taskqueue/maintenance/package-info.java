/**
 * What keeps queues going beside the workers: due tasks are promoted, tasks of dead
 * owners recovered, leftovers repaired or deleted. Runs on every worker node; nodes need
 * not agree on who does it, because every step is safe to repeat.
 */
@NullMarked
package io.taskqueue.maintenance;

import org.jspecify.annotations.NullMarked;
