/**
 * How background threads of the engine repeat their work. Imports nothing of ours but
 * exceptions.
 */
@NullMarked
package io.taskqueue.loop;

import org.jspecify.annotations.NullMarked;
