/**
 * A web application that uses Task Queue.
 */
@NullMarked
package io.taskqueue.sample;

import org.jspecify.annotations.NullMarked;
