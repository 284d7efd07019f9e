package io.taskqueue.queues;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Which queue is selected by which key.
 */
class QueueSelectionTest {

	@Test
	void aNameWinsOverPatternsAndTheMostSpecificPatternOverOthers() {
		QueueSelection selection = new QueueSelection(
				Map.of("*", 1, "tenant-*", 2, "tenant-vip-*", 3, "*-vip-acme", 4, "tenant-vip-acme", 5));
		assertThat(selection.weight("other")).isEqualTo(1);
		assertThat(selection.weight("tenant-a")).isEqualTo(2);
		assertThat(selection.weight("tenant-vip-a")).isEqualTo(3);
		assertThat(selection.weight("tenant-vip-acme")).isEqualTo(5);
		assertThat(selection.weight("x-vip-acme")).isEqualTo(4);
	}

	@Test
	void starsStandForAnyCharactersOrNone() {
		assertThat(matches("tenant-*", "tenant-")).isTrue();
		assertThat(matches("tenant-*", "tenant")).isFalse();
		assertThat(matches("tenant-*", "a-tenant-b")).isFalse();
		assertThat(matches("*-low", "a-low")).isTrue();
		assertThat(matches("a*b*c", "abc")).isTrue();
		assertThat(matches("a*b*c", "a-c-b-c")).isTrue();
		assertThat(matches("a*b*c", "acb")).isFalse();
		assertThat(matches("ab*ba", "aba")).as("no character counts twice").isFalse();
		assertThat(matches("a*bc*c", "abc")).isFalse();
		assertThat(matches("a.b*", "axb")).as("a dot is a dot").isFalse();
		assertThat(matches("**", "anything")).isTrue();
	}

	@Test
	void strangeNamesMatchNoPattern() {
		for (String strange : List.of("", " ", "\t", "a\nb", "x".repeat(256), "}a", "bro\uFFFDken")) {
			assertThat(matches("*", strange)).as(strange).isFalse();
		}
		assertThat(matches("*", "x".repeat(255))).isTrue();
		assertThat(matches("*", "Grüße {1}")).isTrue();
		assertThat(new QueueSelection(Map.of("}a", 7)).weight("}a")).as("but may be named").isEqualTo(7);
	}

	@Test
	void namedQueuesAreSelectedWhetherTheyExistOrNot() {
		Map<String, Integer> weights = new LinkedHashMap<>();
		weights.put("low", 1);
		weights.put("tenant-*", 2);
		weights.put("tenant-vip", 9);
		weights.put("big-*", 5);
		QueueSelection selection = new QueueSelection(weights);
		assertThat(selection.hasPatterns()).isTrue();
		assertThat(selection.select(List.of("tenant-b", "tenant-vip", "other", "tenant-a", "big-1"))).containsExactly(
				entry("low", 1), entry("tenant-vip", 9), entry("big-1", 5), entry("tenant-a", 2), entry("tenant-b", 2));
		assertThat(selection.select(List.of())).containsExactly(entry("low", 1), entry("tenant-vip", 9));
	}

	private static boolean matches(String pattern, String queue) {
		return new QueueSelection(Map.of(pattern, 1)).weight(queue) != null;
	}

}
