/**
 * What application code imports: requests, options, answers, the context of a running
 * task, and exceptions. This package uses nothing else of the library.
 */
@NullMarked
package io.taskqueue;

import org.jspecify.annotations.NullMarked;
