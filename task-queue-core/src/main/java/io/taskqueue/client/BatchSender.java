package io.taskqueue.client;

import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Sends a batch until it is confirmed or its time is over.
 */
final class BatchSender {

	private static final long FIRST_PAUSE = Duration.ofMillis(10).toNanos();

	private static final long LONGEST_PAUSE = Duration.ofMillis(100).toNanos();

	/** About what a command costs beside its texts. */
	private static final long COMMAND_BYTES = 64;

	private final EnqueueBroker broker;

	private final ClientOptions options;

	/**
	 * Lanes that no call uses now, the last used first. Redis keeps the last answer of
	 * every lane for a minute, so a new lane for each call would fill it.
	 */
	private final Deque<Lane> idleLanes = new ConcurrentLinkedDeque<>();

	BatchSender(EnqueueBroker broker, ClientOptions options) {
		this.broker = broker;
		this.options = options;
	}

	/** Returns a lane for the caller alone, until it gives it back. */
	Lane borrowLane() {
		Lane lane = this.idleLanes.poll();
		return (lane != null) ? lane : new Lane();
	}

	void giveBack(Lane lane) {
		this.idleLanes.push(lane);
	}

	/** Returns the {@code nanoTime} at which a call that begins now has to end. */
	long deadline() {
		return System.nanoTime() + this.options.timeout().toNanos();
	}

	/**
	 * Tells whether a batch that holds so much takes one more; an empty one always does.
	 */
	boolean fits(int tasks, long bytes, Command next) {
		return tasks == 0 || (tasks < this.options.batchSize() && bytes + size(next) <= this.options.batchBytes());
	}

	/** Returns about how many bytes a command adds to a batch. */
	static long size(Command command) {
		return COMMAND_BYTES + command.id().length() + command.uniqueKey().length() + command.message().length;
	}

	/**
	 * Sends the batch at least once, and again under the same id while Redis does not
	 * confirm.
	 * @param deadline the {@code nanoTime} after which it is not sent again
	 * @throws TaskQueueUnavailableException when it was not confirmed by then
	 * @throws TaskQueueRefusedException when it was refused the first time; nothing is
	 * stored
	 * @throws RuntimeException when the broker failed in another way; what is stored is
	 * unknown
	 */
	List<Answer> send(String queue, BatchId batch, List<Command> commands, long deadline) {
		boolean interrupted = false;
		boolean repeated = false;
		long pause = FIRST_PAUSE;
		try {
			while (true) {
				// Drivers give up on an interrupted thread, which would harm everybody in
				// the batch
				interrupted |= Thread.interrupted();
				try {
					return checked(this.broker.enqueue(queue, batch, commands), commands);
				}
				catch (TaskQueueRefusedException ex) {
					// Says that this attempt stored nothing, not that an earlier one did
					// not
					throw repeated ? new IllegalStateException("refused when it was repeated", ex) : ex;
				}
				catch (TaskQueueUnavailableException ex) {
					repeated = true;
					interrupted |= Thread.interrupted();
					long jittered = ThreadLocalRandom.current().nextLong(pause / 2, pause);
					if (deadline - System.nanoTime() <= jittered) {
						throw ex;
					}
					interrupted |= pause(jittered);
					pause = Math.min(pause * 2, LONGEST_PAUSE);
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	TaskQueueUnavailableException notSent(String queue, String id) {
		return new TaskQueueUnavailableException(EncodedTask.named(queue, id)
				+ " was not sent: those before it were not confirmed within " + this.options.timeout(), null);
	}

	TaskQueueUnavailableException unknown(String queue, String id, @Nullable Throwable cause) {
		return new TaskQueueUnavailableException(
				"it is unknown whether " + EncodedTask.named(queue, id) + " is stored: Redis did not confirm it within "
						+ this.options.timeout() + "; repeating it with the same id and OnConflict.KEEP is safe"
						+ ((cause != null) ? ". The last try: " + cause.getMessage() : ""),
				cause);
	}

	TaskQueueRefusedException refused(String queue, String id, @Nullable Throwable cause) {
		String why = (cause != null) ? String.valueOf(cause.getMessage()) : "no reason given";
		return new TaskQueueRefusedException(EncodedTask.named(queue, id) + " was not stored: " + why, cause);
	}

	private static List<Answer> checked(List<Answer> answers, List<Command> commands) {
		if (answers.size() != commands.size()) {
			throw new IllegalStateException(answers.size() + " answers to " + commands.size() + " commands");
		}
		return answers;
	}

	private static boolean pause(long nanos) {
		boolean interrupted = false;
		long end = System.nanoTime() + nanos;
		for (long left = nanos; left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
			interrupted |= Thread.interrupted();
		}
		return interrupted;
	}

}
