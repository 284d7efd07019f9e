/**
 * The storage in Redis: scripts, keys, and the narrow port through which everything
 * reaches Redis. Nothing outside the composition root uses this package.
 */
@NullMarked
package io.taskqueue.redis;

import org.jspecify.annotations.NullMarked;
