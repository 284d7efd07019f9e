/**
 * What a newcomer does in the first minutes.
 */
@NullMarked
package io.taskqueue.gettingstarted;

import org.jspecify.annotations.NullMarked;
