package io.taskqueue.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A queue's figures, all of one moment: asynq's {@code QueueInfo}.
 *
 * @param queue the queue's name
 * @param registered whether asynq's tools list it; one that is not came back after it was
 * deleted and will be registered again by our next enqueue
 * @param size how many tasks there are in all states
 * @param pending how many wait for a worker
 * @param active how many workers hold
 * @param scheduled how many wait for their time
 * @param retry how many wait for another attempt
 * @param archived how many are archived
 * @param completed how many are done and retained
 * @param aggregating how many wait in groups; estimated where there are more than a
 * hundred groups. Without those that an aggregation under way has taken, as in asynq
 * @param groups how many groups there are
 * @param processedToday how many attempts have ended today (UTC), failed ones included
 * @param failedToday how many of them failed
 * @param processed how many attempts have ended since the queue exists
 * @param failed how many of them failed
 * @param paused whether the queue is paused
 * @param pausedSince since when; {@code null} if it is not paused, or nobody knows
 * @param latency for how long the next task to run has been waiting; zero where none
 * waits, or where asynq has put it back and not noted when
 * @param problems keys of the queue that are not what they should be, in words; their
 * figures are zero. Usually empty
 * @param at when this was
 */
public record QueueInfo(String queue, boolean registered, Count size, long pending, long active, long scheduled,
		long retry, long archived, long completed, Count aggregating, long groups, long processedToday,
		long failedToday, long processed, long failed, boolean paused, @Nullable Instant pausedSince, Duration latency,
		List<String> problems, Instant at) {
}
