package io.taskqueue.sample.orders;

import io.taskqueue.annotation.TaskHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

@Component
class OrderTasks {

	private static final Logger logger = LoggerFactory.getLogger(OrderTasks.class);

	private final Orders orders;

	OrderTasks(Orders orders) {
		this.orders = orders;
	}

	@TaskHandler("order.expire")
	void expire(String orderId) {
		this.orders.close(orderId, Order.State.EXPIRED)
			.ifPresent((order) -> logger.info("Time to pay is over: order {} is {}", orderId, order.state()));
	}

}
