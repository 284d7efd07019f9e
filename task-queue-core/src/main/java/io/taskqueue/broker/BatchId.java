package io.taskqueue.broker;

/**
 * Names one batch so that repeating it has no second effect: the same lane and number are
 * answered with the first answer, for at least a minute. A lane sends one batch at a
 * time, with rising numbers; a number below the last one executed is refused.
 *
 * @param lane who sends; unique among all processes
 * @param number the batch's number in the lane
 */
public record BatchId(String lane, long number) {
}
