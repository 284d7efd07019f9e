package io.taskqueue.inspect;

/**
 * An aggregation group.
 *
 * @param name the group's name
 * @param size how many tasks wait in it
 */
public record GroupInfo(String name, long size) {
}
