package io.taskqueue.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what may be broken already.
 */
final class Quietly {

	private static final Logger logger = LoggerFactory.getLogger(Quietly.class);

	private Quietly() {
	}

	static void close(AutoCloseable resource) {
		try {
			resource.close();
		}
		catch (Exception ex) {
			logger.debug("Closing {} failed", resource, ex);
		}
	}

}
