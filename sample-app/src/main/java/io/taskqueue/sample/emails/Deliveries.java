package io.taskqueue.sample.emails;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.springframework.stereotype.Repository;

/**
 * The deliveries, in memory.
 */
@Repository
class Deliveries {

	private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

	void add(Delivery delivery) {
		this.deliveries.put(delivery.taskId(), delivery);
	}

	Optional<Delivery> find(String taskId) {
		return Optional.ofNullable(this.deliveries.get(taskId));
	}

	void update(String taskId, UnaryOperator<Delivery> change) {
		this.deliveries.computeIfPresent(taskId, (same, delivery) -> change.apply(delivery));
	}

}
