/**
 * Programs that measure Task Queue.
 */
@NullMarked
package io.taskqueue.benchmarks;

import org.jspecify.annotations.NullMarked;
