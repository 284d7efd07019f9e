/**
 * Runs tasks: fetches them, hands them to threads, turns every ending into one outcome
 * and acknowledges it, while it keeps the leases of everything it holds. The way in is
 * {@link io.taskqueue.worker.Worker}.
 */
@NullMarked
package io.taskqueue.worker;

import org.jspecify.annotations.NullMarked;
