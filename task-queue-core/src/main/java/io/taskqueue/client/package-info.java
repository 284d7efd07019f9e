/**
 * The way into the queue: checks and encodes requests and sends them in batches.
 * {@link io.taskqueue.client.TaskTemplate} is the front door.
 */
@NullMarked
package io.taskqueue.client;

import org.jspecify.annotations.NullMarked;
