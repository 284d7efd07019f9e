package io.taskqueue.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QueueOrderTest {

	private final Source high = new Source("high", 6, null, Duration.ofMinutes(1));

	private final Source middle = new Source("middle", 3, null, Duration.ofMinutes(1));

	private final Source low = new Source("low", 1, null, Duration.ofMinutes(1));

	private final List<Source> sources = List.of(this.low, this.high, this.middle);

	@Test
	@Scenario(66)
	void sharesHoldForAnyNumberOfTasksAtATime() {
		QueueOrder order = new QueueOrder(this.sources, false);
		for (int want : new int[] { 1, 7, 100 }) {
			Map<String, Integer> taken = take(order, want, 10_000);
			assertThat(taken.get("high")).isBetween(5700, 6300);
			assertThat(taken.get("middle")).isBetween(2700, 3300);
			assertThat(taken.get("low")).isBetween(700, 1300);
		}
	}

	@Test
	void theShareOfAnEmptyQueueGoesToTheOthers() {
		QueueOrder order = new QueueOrder(this.sources, false);
		this.high.ask(10);
		this.high.answered(3, false);
		Map<String, Integer> taken = take(order, 10, 4000);
		assertThat(taken).containsOnlyKeys("middle", "low");
		assertThat(taken.get("low")).isBetween(900, 1100);
	}

	@Test
	void strictAsksTheHeaviestThatMayHaveTasks() {
		QueueOrder order = new QueueOrder(this.sources, true);
		assertThat(order.next(5)).isSameAs(this.high);
		this.high.ask(5);
		this.high.answered(0, false);
		assertThat(order.next(5)).isSameAs(this.middle);
		this.middle.ask(5);
		this.middle.answered(0, true);
		assertThat(order.next(5)).isSameAs(this.low);
		this.low.ask(5);
		this.low.answered(0, false);
		assertThat(order.next(5)).isNull();
	}

	private static Map<String, Integer> take(QueueOrder order, int want, int total) {
		Map<String, Integer> taken = new HashMap<>();
		for (int count = 0; count < total;) {
			Source source = order.next(want);
			int fetched = source.ask(order.share(source, want)).count();
			source.answered(fetched, false);
			taken.merge(source.queue(), fetched, Integer::sum);
			count += fetched;
		}
		return taken;
	}

}
