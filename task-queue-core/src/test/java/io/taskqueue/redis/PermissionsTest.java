package io.taskqueue.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PermissionsTest {

	private static final TestRedis REDIS = TestRedis.start();

	private static final String[] EVERYTHING = { "reset", "on", ">secret", "~*", "&*", "+@all" };

	@AfterAll
	static void stop() {
		REDIS.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			-lpush -zadd                    | +zadd +lpush
			-del                            | +del
			-sadd -set -rpush               | +set +rpush +sadd
			-publish                        | +publish
			-hkeys                          | +hkeys
			resetkeys ~asynq:* ~taskqueue:* |
			resetkeys ~asynq:*              | ~taskqueue:shop:*
			resetkeys ~taskqueue:* ~asynq:{mail}:* ~asynq:queues* ~asynq:s* ~asynq:w* | ~asynq:{sms}:*
			resetchannels &asynq:* &taskqueue:* |
			resetchannels &asynq:{*         | &taskqueue:shop:{cron}:changed &asynq:cancel
			""")
	void namesWhatIsMissing(String rules, String missing) {
		try (Jedis jedis = REDIS.jedis()) {
			jedis.flushAll();
			jedis.aclSetUser("app", EVERYTHING);
			jedis.aclSetUser("app", rules.split(" "));
			if (missing == null) {
				check();
			}
			else {
				assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(PermissionsTest::check)
					.withMessage("Redis at 127.0.0.1:" + REDIS.port()
							+ " does not allow its user all that task queues need; missing: " + missing)
					.satisfies((ex) -> assertThat(ex.fix()).contains("\n    ACL SETUSER app " + missing + "\n"));
				jedis.aclSetUser("app", missing.split(" "));
				check();
			}
			assertThat(jedis.keys("*")).isEmpty();
		}
	}

	@Test
	void namesTheUserOnlyIfItMaySo() {
		try (Jedis jedis = REDIS.jedis()) {
			jedis.aclSetUser("app", EVERYTHING);
			jedis.aclSetUser("app", "-lpush", "-acl");
			assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(PermissionsTest::check)
				.satisfies((ex) -> assertThat(ex.fix()).contains("ACL SETUSER <user> +lpush\n"));
		}
	}

	@Test
	void saysHowToAllowScripts() {
		try (Jedis jedis = REDIS.jedis()) {
			jedis.aclSetUser("app", EVERYTHING);
			jedis.aclSetUser("app", "-@scripting");
			assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(PermissionsTest::check)
				.satisfies((ex) -> assertThat(ex.fix()).contains("ACL SETUSER <user> +eval +evalsha\n"));
		}
	}

	@Test
	void everyCommandOfAScriptIsTried() throws IOException {
		Path scripts = Path.of("src/main/resources/io/taskqueue/redis");
		Set<String> tried = commands(Files.readString(scripts.resolve("permissions.lua")),
				"(?:try\\(|[{,] )'([A-Z]+)'");
		try (Stream<Path> files = Files.walk(scripts)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".lua")).toList()) {
				assertThat(tried).as(file.toString())
					.containsAll(commands(Files.readString(file), "redis\\.p?call\\('([A-Z]+)'"));
			}
		}
	}

	private static Set<String> commands(String lua, String pattern) {
		Set<String> commands = new TreeSet<>();
		Matcher matcher = Pattern.compile(pattern).matcher(lua);
		while (matcher.find()) {
			commands.add(matcher.group(1));
		}
		return commands;
	}

	private static void check() {
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(REDIS.host(), REDIS.port());
		configuration.setUsername("app");
		configuration.setPassword(RedisPassword.of("secret"));
		try (RedisConnections connections = new RedisConnections(REDIS.jedisFactory(configuration), 1, 1,
				Timeouts.defaults())) {
			connections.start();
			new Permissions(connections.scripts()).check("shop", List.of("mail", "sms"));
		}
	}

}
