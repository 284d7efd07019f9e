/**
 * Spring Boot auto-configuration for Task Queue.
 */
@NullMarked
package io.taskqueue.autoconfigure;

import org.jspecify.annotations.NullMarked;
