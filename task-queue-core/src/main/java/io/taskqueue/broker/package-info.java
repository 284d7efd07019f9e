/**
 * The storage contract: what the engine asks of the place where tasks are kept, one
 * interface per concern, and the values that cross it.
 */
@NullMarked
package io.taskqueue.broker;

import org.jspecify.annotations.NullMarked;
