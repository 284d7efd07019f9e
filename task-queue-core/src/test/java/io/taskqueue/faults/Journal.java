package io.taskqueue.faults;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes what one worker does to a file of its own, an event a line. A line is appended
 * by one call of the operating system, so that it is there even if the process is killed
 * right afterwards.
 */
final class Journal implements AutoCloseable {

	static final String SUFFIX = ".history";

	private final String worker;

	private final FileOutputStream file;

	/** What may happen. */
	enum Kind {

		/** The worker runs; the id is its owner token. */
		READY,
		/** A handler was called. */
		STARTED,
		/** A handler returns. */
		FINISHED,
		/** A handler was interrupted. */
		INTERRUPTED

	}

	Journal(Path directory, String worker) {
		this.worker = worker;
		try {
			this.file = new FileOutputStream(directory.resolve(worker + SUFFIX).toFile(), true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void write(Kind kind, String id, int retried) {
		String line = "%d %s %s %s %d%n".formatted(System.currentTimeMillis(), kind, id, this.worker, retried);
		try {
			this.file.write(line.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.file.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
