package io.taskqueue.sample.emails;

import org.jspecify.annotations.Nullable;

/**
 * How far an email has come.
 *
 * @param taskId the id of the task that sends it
 * @param to the address
 * @param state how far it has come
 * @param attempts how many times it was tried
 * @param lastError why the last attempt failed; {@code null} if none has
 */
record Delivery(String taskId, String to, State state, int attempts, @Nullable String lastError) {

	enum State {

		QUEUED, RETRYING, SENT, FAILED

	}

	Delivery sent(int attempt) {
		return new Delivery(this.taskId, this.to, State.SENT, attempt, this.lastError);
	}

	Delivery failed(int attempt, boolean last, String error) {
		return new Delivery(this.taskId, this.to, last ? State.FAILED : State.RETRYING, attempt, error);
	}

}
