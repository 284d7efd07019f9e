/**
 * Closes orders that are not paid in time: a delayed task per order.
 */
@NullMarked
package io.taskqueue.sample.orders;

import org.jspecify.annotations.NullMarked;
