package io.taskqueue.sample.orders;

/**
 * An order.
 *
 * @param id the order's number
 * @param item what was ordered
 * @param state what became of it
 */
record Order(String id, String item, State state) {

	enum State {

		OPEN, PAID, EXPIRED

	}

	/** Returns the order with the state, if it is still open; otherwise as it is. */
	Order close(State state) {
		return (this.state == State.OPEN) ? new Order(this.id, this.item, state) : this;
	}

}
