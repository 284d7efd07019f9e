package io.taskqueue.sample.orders;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;

import io.taskqueue.client.TaskTemplate;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Takes orders, which have to be paid in time.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final Orders orders;

	private final TaskTemplate tasks;

	OrderController(Orders orders, TaskTemplate tasks) {
		this.orders = orders;
		this.tasks = tasks;
	}

	@PostMapping
	ResponseEntity<Order> place(@RequestBody NewOrder request) {
		Order order = new Order(UUID.randomUUID().toString(), request.item(), Order.State.OPEN);
		// First: a task without an order does no harm, an order that never expires might
		this.tasks.enqueueIn(Duration.ofSeconds(request.payWithinSeconds()), "order.expire", order.id());
		this.orders.add(order);
		return ResponseEntity.created(URI.create("/orders/" + order.id())).body(order);
	}

	@GetMapping("/{id}")
	Order order(@PathVariable String id) {
		return this.orders.find(id).orElseThrow(() -> unknown(id));
	}

	@PostMapping("/{id}/pay")
	Order pay(@PathVariable String id) {
		Order order = this.orders.close(id, Order.State.PAID).orElseThrow(() -> unknown(id));
		if (order.state() != Order.State.PAID) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "Order " + id + " is " + order.state());
		}
		return order;
	}

	private static ResponseStatusException unknown(String id) {
		return new ResponseStatusException(HttpStatus.NOT_FOUND, "No order " + id);
	}

	record NewOrder(String item, int payWithinSeconds) {

		private static final int DAY = 24 * 60 * 60;

		NewOrder {
			if (!StringUtils.hasText(item)) {
				throw new IllegalArgumentException("item must not be blank");
			}
			if (payWithinSeconds < 1 || payWithinSeconds > DAY) {
				throw new IllegalArgumentException("payWithinSeconds must lie between 1 and " + DAY);
			}
		}

	}

}
