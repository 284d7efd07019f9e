package io.taskqueue.sample.orders;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.stereotype.Repository;

/**
 * The orders, in memory.
 */
@Repository
class Orders {

	private final Map<String, Order> orders = new ConcurrentHashMap<>();

	void add(Order order) {
		this.orders.put(order.id(), order);
	}

	Optional<Order> find(String id) {
		return Optional.ofNullable(this.orders.get(id));
	}

	/**
	 * Gives an open order its final state. Whoever comes second changes nothing.
	 * @return the order as it is now
	 */
	Optional<Order> close(String id, Order.State state) {
		return Optional.ofNullable(this.orders.computeIfPresent(id, (same, order) -> order.close(state)));
	}

}
