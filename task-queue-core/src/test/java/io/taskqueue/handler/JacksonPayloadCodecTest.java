package io.taskqueue.handler;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.taskqueue.InvalidTaskException;
import io.taskqueue.PayloadException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JacksonPayloadCodecTest {

	private final JacksonPayloadCodec codec = new JacksonPayloadCodec();

	@Test
	void nullIsNoBytes() {
		assertThat(this.codec.encode(null)).isEmpty();
		for (Type type : List.of(Order.class, String.class, byte[].class, int.class)) {
			assertThat(this.codec.decode(new byte[0], type)).isNull();
		}
	}

	@Test
	void bytesPassThrough() {
		byte[] bytes = { 0, (byte) 0xff, '"' };
		assertThat(this.codec.encode(bytes)).isSameAs(bytes);
		assertThat(this.codec.decode(bytes, byte[].class)).isSameAs(bytes);
		assertThat(this.codec.encode(new byte[0])).isEmpty();
	}

	@Test
	void recordsSurvive() {
		Order order = new Order(UUID.randomUUID(), new BigDecimal("12.50"), List.of(new Item("pen", 2)),
				Instant.parse("2030-01-02T03:04:05.678901234Z"), LocalDate.of(2030, 1, 2), Duration.ofMinutes(90),
				Optional.of("x"));
		assertThat(this.codec.decode(this.codec.encode(order), Order.class)).isEqualTo(order);
	}

	@Test
	void datesAreIsoText() {
		assertThat(json(Map.of("at", Instant.parse("2030-01-02T03:04:05Z"))))
			.isEqualTo("{\"at\":\"2030-01-02T03:04:05Z\"}");
		assertThat(json(LocalDate.of(2030, 1, 2))).isEqualTo("\"2030-01-02\"");
		assertThat(json(Duration.ofMinutes(90))).isEqualTo("\"PT1H30M\"");
	}

	@Test
	void readsGenericTypes() {
		Type items = new TypeReference<List<Item>>() {
		}.getType();
		assertThat(decode("[{\"name\":\"pen\",\"count\":2}]", items)).isEqualTo(List.of(new Item("pen", 2)));
		Type byName = new TypeReference<Map<String, List<Item>>>() {
		}.getType();
		assertThat(decode("{\"a\":[]}", byName)).isEqualTo(Map.of("a", List.of()));
		assertThat(decode("{\"a\":[1]}", Object.class)).isEqualTo(Map.of("a", List.of(1)));
	}

	@Test
	void skipsUnknownPropertiesAndFillsPrimitives() {
		assertThat(decode("{\"name\":\"pen\",\"colour\":\"red\"}", Item.class)).isEqualTo(new Item("pen", 0));
		assertThat(decode("{\"name\":\"pen\",\"count\":null}", Item.class)).isEqualTo(new Item("pen", 0));
		assertThat(decode("null", int.class)).isEqualTo(0);
		assertThat(decode("42", int.class)).isEqualTo(42);
		assertThat(decode("null", Item.class)).isNull();
	}

	@Test
	void stringsAreJson() {
		assertThat(json("say \"hi\" 📮")).isEqualTo("\"say \\\"hi\\\" 📮\"");
		assertThat(json("")).isEqualTo("\"\"");
		assertThat(decode("\"\"", String.class)).isEqualTo("");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "\"a\\u0062\" | ab", "plain text | plain text", "{\"a\":1} | {\"a\":1}", "42 | 42", "null | null",
					"\"quoted\" and more | \"quoted\" and more", "\"open | \"open", "ünïcode 📮 | ünïcode 📮" })
	void textThatIsNoJsonStringIsTakenAsItIs(String stored, String expected) {
		assertThat(decode(stored, String.class)).isEqualTo(expected);
	}

	@Test
	void textMustBeUtf8() {
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.decode(new byte[] { (byte) 0xff }, String.class))
			.withMessage("payload is not UTF-8 text; take byte[] in place of java.lang.String");
	}

	@Test
	void namesTargetTypeAndPlaceOfWhatItCannotRead() {
		Type items = new TypeReference<List<Item>>() {
		}.getType();
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> decode("[{\"name\":\"pen\",\"count\":\"two\"}]", items))
			.withMessageContaining("payload is not JSON for java.util.List<" + Item.class.getName() + "> at ")
			.withMessageContaining("[0]")
			.withMessageContaining("[\"count\"]")
			.withCauseInstanceOf(JacksonException.class);
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> decode("{", Item.class))
			.withMessageStartingWith("payload is not JSON for " + Item.class.getName());
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> decode("{} {}", Item.class))
			.withMessageContaining("Trailing token");
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> decode("{}", Runnable.class))
			.withMessageContaining(Runnable.class.getName());
	}

	@Test
	void namesClassAndPlaceOfWhatItCannotWrite() {
		assertThatExceptionOfType(InvalidTaskException.class)
			.isThrownBy(() -> this.codec.encode(Map.of("a", List.of(new Broken()))))
			.withMessageContaining("cannot be written as JSON at ")
			.withMessageContaining("[\"a\"]")
			.withMessageContaining("Broken[\"name\"]")
			.withMessageContaining("not today");
		Loop loop = new Loop();
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> this.codec.encode(loop))
			.withMessageStartingWith("payload of " + Loop.class.getName());
	}

	@Test
	void classNamesInPayloadsMeanNothing() {
		assertThat(decode("[\"java.io.File\", \"/etc/passwd\"]", Object.class))
			.isEqualTo(List.of("java.io.File", "/etc/passwd"));
	}

	@Test
	void usesAGivenMapper() {
		JacksonPayloadCodec snake = new JacksonPayloadCodec(
				JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build());
		byte[] bytes = snake.encode(new Login("bob"));
		assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("{\"user_name\":\"bob\"}");
		assertThat(snake.decode(bytes, Login.class)).isEqualTo(new Login("bob"));
	}

	private String json(Object payload) {
		return new String(this.codec.encode(payload), StandardCharsets.UTF_8);
	}

	private Object decode(String json, Type type) {
		return this.codec.decode(json.getBytes(StandardCharsets.UTF_8), type);
	}

	record Order(UUID id, BigDecimal total, List<Item> items, Instant paidAt, LocalDate day, Duration window,
			Optional<String> note) {
	}

	record Item(String name, int count) {
	}

	record Login(String userName) {
	}

	static class Broken {

		public String getName() {
			throw new IllegalStateException("not today");
		}

	}

	static class Loop {

		public List<Loop> getSelf() {
			return List.of(this);
		}

	}

}
