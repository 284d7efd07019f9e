package io.taskqueue.sample.login;

/**
 * A user as others see it.
 *
 * @param name the name
 * @param failedLogins how many failed logins have been worked off
 * @param locked whether logins are refused
 */
record User(String name, int failedLogins, boolean locked) {

	private static final int ALLOWED = 2;

	/**
	 * Tasks run at least once and not always in order. The greatest count is right
	 * however often and in whatever order they come.
	 */
	User withFailedLogins(int count) {
		int greatest = Math.max(this.failedLogins, count);
		return new User(this.name, greatest, greatest > ALLOWED);
	}

}
