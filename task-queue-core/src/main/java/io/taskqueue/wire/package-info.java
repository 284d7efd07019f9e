/**
 * asynq's records and key names, exactly as Go reads and writes them. Knows nothing of
 * Redis commands.
 */
@NullMarked
package io.taskqueue.wire;

import org.jspecify.annotations.NullMarked;
