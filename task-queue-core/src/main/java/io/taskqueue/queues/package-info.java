/**
 * Which queues a worker works on: names, and patterns for queues that come and go.
 */
@NullMarked
package io.taskqueue.queues;

import org.jspecify.annotations.NullMarked;
