package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;

import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScriptTest {

	@Test
	void includesEachFileOnce() {
		Script script = Script.load("script-test");
		assertThat(source(script)).contains("return shout(ARGV[1])").doesNotContain("@include");
		assertThat(source(script).split("local function shout", -1)).hasSize(2);
		assertThat(script.name()).isEqualTo("script-test");
	}

	@Test
	void digestIsTheOneOfRedis() {
		Script script = Script.load("script-test");
		try (Jedis jedis = TestRedis.shared().jedis()) {
			assertThat(jedis.scriptLoad(script.source())).isEqualTo(script.sha());
		}
	}

	@Test
	void missingResourceIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> Script.load("nowhere"))
			.withMessageContaining("nowhere.lua");
	}

	private static String source(Script script) {
		return new String(script.source(), StandardCharsets.UTF_8);
	}

}
