package io.taskqueue.cron;

/**
 * What becomes of fire times at fixed hours when the clocks change. Expressions whose
 * hour field is a {@code *}, a range or a step are intervals rather than times of day:
 * they keep their rhythm whatever the policy, skip what the clocks skip, and run through
 * a repeated hour twice.
 *
 * @param gap for times that the clocks skip
 * @param overlap for times that the clocks show twice
 */
public record DstPolicy(Gap gap, Overlap overlap) {

	/** How Spring's {@code @Scheduled} does it, and how intervals are always read. */
	static final DstPolicy ZONED = new DstPolicy(Gap.SKIP, Overlap.TWICE);

	private static final DstPolicy STANDARD = new DstPolicy(Gap.SHIFT, Overlap.ONCE);

	/**
	 * Returns the default: every time of day fires exactly once, {@link Gap#SHIFT} and
	 * {@link Overlap#ONCE}.
	 */
	public static DstPolicy standard() {
		return STANDARD;
	}

	/**
	 * For times that the clocks skip.
	 */
	public enum Gap {

		/** Fire at the moment the clocks change, once for all the times skipped. */
		SHIFT,

		/** Do not fire. */
		SKIP

	}

	/**
	 * For times that the clocks show twice.
	 */
	public enum Overlap {

		/** Fire the first time. */
		ONCE,

		/** Fire both times. */
		TWICE

	}

}
