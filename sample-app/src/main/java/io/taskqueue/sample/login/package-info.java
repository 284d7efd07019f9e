/**
 * Locks users after too many wrong passwords: one replaceable task per user.
 */
@NullMarked
package io.taskqueue.sample.login;

import org.jspecify.annotations.NullMarked;
