/**
 * A Redis server inside the application, for development and tests.
 */
@NullMarked
package io.taskqueue.embeddedredis;

import org.jspecify.annotations.NullMarked;
