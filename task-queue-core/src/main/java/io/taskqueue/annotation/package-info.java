/**
 * The annotations of handler methods. What they mean is decided where they are read.
 */
@NullMarked
package io.taskqueue.annotation;

import org.jspecify.annotations.NullMarked;
