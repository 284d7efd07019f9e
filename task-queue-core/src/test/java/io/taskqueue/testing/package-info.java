/**
 * What tests of all packages share.
 */
@NullMarked
package io.taskqueue.testing;

import org.jspecify.annotations.NullMarked;
