/**
 * Handlers by task type, and how an annotated method becomes one. Needs no container: the
 * parser takes a bean and a method.
 */
@NullMarked
package io.taskqueue.handler;

import org.jspecify.annotations.NullMarked;
