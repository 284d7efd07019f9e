package io.taskqueue.inspect;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param <T> what is listed
 * @param items the page; unmodifiable
 * @param total how many there are on all pages
 * @param next asks for the following page; {@code null} after the last one
 */
public record Listing<T>(List<T> items, long total, @Nullable Paging next) {
}
