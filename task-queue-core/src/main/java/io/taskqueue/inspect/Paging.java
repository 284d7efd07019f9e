package io.taskqueue.inspect;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a listing to show. Both parts of a position may be sent to a browser and
 * back.
 *
 * @param size how many to show at most: 1 to {@value #LARGEST}
 * @param offset how many to skip, up to 10¹⁵; 0 together with {@code after}
 * @param after where the page before ended, from {@link Listing#next()}; {@code null} to
 * count from the beginning
 */
public record Paging(int size, long offset, @Nullable String after) {

	/** The largest page. */
	public static final int LARGEST = 200;

	/** Redis's scripts count exactly up to here. */
	private static final long LARGEST_OFFSET = 1_000_000_000_000_000L;

	/** asynq's page. */
	private static final int DEFAULT_SIZE = 30;

	public Paging {
		if (size < 1 || size > LARGEST) {
			throw new IllegalArgumentException("size must be from 1 to %d: %d".formatted(LARGEST, size));
		}
		if (offset < 0 || offset > LARGEST_OFFSET) {
			throw new IllegalArgumentException("offset must be from 0 to %d: %d".formatted(LARGEST_OFFSET, offset));
		}
		if (offset > 0 && after != null) {
			throw new IllegalArgumentException("offset and after exclude each other");
		}
	}

	/** Returns the first page of 30. */
	public static Paging first() {
		return first(DEFAULT_SIZE);
	}

	/** Returns the first page of a size. */
	public static Paging first(int size) {
		return new Paging(size, 0, null);
	}

	/**
	 * Returns a page by its number.
	 * @param number the number; 1 is the first page, as in asynq
	 * @param size how many to show
	 */
	public static Paging page(int number, int size) {
		if (number < 1) {
			throw new IllegalArgumentException("number must be at least 1: " + number);
		}
		return new Paging(size, (number - 1L) * size, null);
	}

	Paging skip(int count) {
		return new Paging(this.size, this.offset + count, null);
	}

	Paging continueAfter(String position) {
		return new Paging(this.size, 0, position);
	}

}
