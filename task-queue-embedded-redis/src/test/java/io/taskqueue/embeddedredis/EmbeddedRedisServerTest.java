package io.taskqueue.embeddedredis;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class EmbeddedRedisServerTest {

	@Test
	void listensOnLoopbackOnlyAndKeepsNothing() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(); Jedis jedis = connect(server)) {
			assertThat(jedis.ping()).isEqualTo("PONG");
			assertThat(jedis.configGet("bind")).containsEntry("bind", "127.0.0.1");
			assertThat(jedis.configGet("protected-mode")).containsEntry("protected-mode", "yes");
			assertThat(jedis.configGet("save")).containsEntry("save", "");
			assertThat(jedis.configGet("appendonly")).containsEntry("appendonly", "no");
			assertThat(jedis.info("server")).contains("process_id:" + server.pid());
		}
	}

	@Test
	void keepsPortAndDataOverKillAndRestart() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("appendonly yes", "appendfsync always")) {
			int port = server.port();
			long pid = server.pid();
			set(server, "before the kill");
			server.kill();
			assertThat(ProcessHandle.of(pid)).isEmpty();
			server.restart();
			assertThat(server.port()).isEqualTo(port);
			assertThat(server.pid()).isNotEqualTo(pid);
			assertThat(get(server)).isEqualTo("before the kill");
		}
	}

	@Test
	void restartOfARunningServerLetsItSave() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("save 3600 1000000")) {
			set(server, "saved on the way down");
			server.restart();
			assertThat(get(server)).isEqualTo("saved on the way down");
		}
	}

	@Test
	void keepsTheDirectoryItWasGiven(@TempDir Path directory) {
		String[] config = { "dir \"" + directory + "\"", "save 3600 1000000" };
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(config)) {
			set(server, "kept");
		}
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(config)) {
			assertThat(get(server)).isEqualTo("kept");
		}
	}

	@Test
	void usesThePortItWasGiven() {
		int port = ServerPort.of(List.of()).number();
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("port " + port)) {
			assertThat(server.port()).isEqualTo(port);
			assertThat(get(server)).isNull();
		}
	}

	@Test
	void runsWithAPassword() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("requirepass secret");
				Jedis jedis = connect(server)) {
			assertThat(jedis.auth("secret")).isEqualTo("OK");
		}
	}

	@Test
	void closeLeavesNothingBehind() {
		EmbeddedRedisServer server = EmbeddedRedisServer.start();
		ProcessHandle redis = ProcessHandle.of(server.pid()).orElseThrow();
		ProcessHandle watchdog = redis.parent().orElseThrow();
		List<ProcessHandle> processes = watchdog.children().toList();
		Path home = home(watchdog);
		assertThat(processes).hasSize(2).contains(redis);
		assertThat(home).exists();
		server.close();
		server.close();
		assertThat(watchdog.isAlive()).isFalse();
		assertThat(processes).noneMatch(ProcessHandle::isAlive);
		assertThat(home).doesNotExist();
		assertThatIllegalStateException().isThrownBy(server::restart)
			.withMessageContaining("port " + server.port())
			.withMessageContaining("closed for good");
	}

	@Test
	void serversDoNotDisturbOneAnother() {
		try (EmbeddedRedisServer one = EmbeddedRedisServer.start()) {
			set(one, "one");
			try (EmbeddedRedisServer other = EmbeddedRedisServer.start()) {
				assertThat(get(other)).isNull();
			}
			assertThat(get(one)).isEqualTo("one");
		}
	}

	@Test
	void endsWithAJvmThatIsKilled() throws Exception {
		Process jvm = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
				System.getProperty("java.class.path"), ServerHolder.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			BufferedReader output = new BufferedReader(
					new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
			ProcessHandle redis = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
			ProcessHandle watchdog = redis.parent().orElseThrow();
			Path home = home(watchdog);
			assertThat(home).exists();
			jvm.destroyForcibly();
			redis.onExit().get(10, TimeUnit.SECONDS);
			await().untilAsserted(() -> assertThat(home).doesNotExist());
		}
		finally {
			jvm.destroyForcibly();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void isOutOfReachOfCtrlC() throws Exception {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start()) {
			assertThat(processGroup(server.pid())).isNotEqualTo(processGroup(ProcessHandle.current().pid()));
		}
	}

	private static String processGroup(long pid) throws Exception {
		String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
		return status.substring(status.lastIndexOf(')')).split(" ")[3];
	}

	/** The watchdog's command line is: the shell, its script, the home. */
	private static Path home(ProcessHandle watchdog) {
		return Path.of(watchdog.info().arguments().orElseThrow()[1]);
	}

	private static Jedis connect(EmbeddedRedisServer server) {
		return new Jedis(server.host(), server.port());
	}

	private static void set(EmbeddedRedisServer server, String value) {
		try (Jedis jedis = connect(server)) {
			jedis.set("key", value);
		}
	}

	private static String get(EmbeddedRedisServer server) {
		try (Jedis jedis = connect(server)) {
			return jedis.get("key");
		}
	}

}
