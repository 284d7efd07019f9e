/**
 * Sends emails over an unreliable server: tasks that are retried.
 */
@NullMarked
package io.taskqueue.sample.emails;

import org.jspecify.annotations.NullMarked;
