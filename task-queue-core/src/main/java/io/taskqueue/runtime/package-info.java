/**
 * Puts the parts together, starts and stops them in a written order. The one package that
 * knows where tasks are kept.
 */
@NullMarked
package io.taskqueue.runtime;

import org.jspecify.annotations.NullMarked;
