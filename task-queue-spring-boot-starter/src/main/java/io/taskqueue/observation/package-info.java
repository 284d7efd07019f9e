/**
 * Micrometer Observations of tasks and the logging context of their handlers.
 */
@NullMarked
package io.taskqueue.observation;

import org.jspecify.annotations.NullMarked;
