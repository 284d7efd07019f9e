/**
 * Faults: real worker processes and a real Redis, which are killed, frozen and cut off
 * while they work. What came of it is judged by a history that the handlers write.
 */
@NullMarked
package io.taskqueue.faults;

import org.jspecify.annotations.NullMarked;
