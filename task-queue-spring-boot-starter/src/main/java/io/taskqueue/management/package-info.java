/**
 * Meters, health and the Actuator endpoint of task queues.
 */
@NullMarked
package io.taskqueue.management;

import org.jspecify.annotations.NullMarked;
