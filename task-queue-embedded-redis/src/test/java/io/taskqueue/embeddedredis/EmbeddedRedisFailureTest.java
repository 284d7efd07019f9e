package io.taskqueue.embeddedredis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@Timeout(60)
class EmbeddedRedisFailureTest {

	private final String configured = System.getProperty(ServerBinary.PROPERTY, "");

	@TempDir
	Path directory;

	@BeforeEach
	void useTheBundledServer() {
		System.clearProperty(ServerBinary.PROPERTY);
	}

	@AfterEach
	void restoreProperty() {
		System.setProperty(ServerBinary.PROPERTY, this.configured);
	}

	@ParameterizedTest
	@CsvSource({ "Linux,amd64", "Linux,i386", "Linux,aarch64", "Mac OS X,x86_64", "Mac OS X,aarch64" })
	void unpacksTheServerOfThePlatform(String osName, String osArch) {
		assertThat(ServerBinary.locate(osName, osArch, this.directory)).isExecutable();
	}

	@ParameterizedTest
	@CsvSource({ "Linux,s390x", "Linux,riscv64", "FreeBSD,amd64" })
	void namesThePlatformWithoutServerAndTheWaysOut(String osName, String osArch) {
		assertThatExceptionOfType(EmbeddedRedisException.class)
			.isThrownBy(() -> ServerBinary.locate(osName, osArch, this.directory))
			.withMessageContaining("No Redis server is bundled for " + osName + " on " + osArch)
			.withMessageContaining("-Dtaskqueue.redis.server=")
			.withMessageContaining("spring.data.redis.host")
			.withMessageContaining("Linux on x86-64");
	}

	@Test
	void saysThatWindowsCannotRunAServer() {
		assertThatExceptionOfType(EmbeddedRedisException.class)
			.isThrownBy(() -> ServerBinary.locate("Windows 11", "amd64", this.directory))
			.withMessageContaining("cannot run on Windows 11")
			.withMessageContaining("spring.data.redis.host")
			.withMessageContaining("WSL");
	}

	@Test
	void namesAPathWithoutServer() {
		System.setProperty(ServerBinary.PROPERTY, "/no/such/redis-server");
		assertThatExceptionOfType(EmbeddedRedisException.class).isThrownBy(EmbeddedRedisServer::start)
			.withMessageContaining("-Dtaskqueue.redis.server=/no/such/redis-server")
			.withMessageContaining("Correct the path");
	}

	@Test
	void namesAPathThatCannotBeExecuted() throws IOException {
		Path file = Files.createFile(this.directory.resolve("redis-server"));
		System.setProperty(ServerBinary.PROPERTY, file.toString());
		assertThatExceptionOfType(EmbeddedRedisException.class).isThrownBy(EmbeddedRedisServer::start)
			.withMessageContaining("does not name an executable file");
	}

	@Test
	void runsTheServerOfThePath() throws IOException {
		Path bundled = ServerBinary.locate(System.getProperty("os.name"), System.getProperty("os.arch"),
				this.directory);
		System.setProperty(ServerBinary.PROPERTY, bundled.toString());
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start()) {
			assertThat(ProcessHandle.of(server.pid()).orElseThrow().info().command()).contains(bundled.toString());
		}
		assertThat(bundled).exists();
	}

	@Test
	void showsTheLastOutputOfAServerThatEnds() throws IOException {
		script("echo 'libssl.so.3: cannot open shared object file' >&2; exit 127");
		EmbeddedRedisException failure = catchThrowableOfType(EmbeddedRedisException.class, EmbeddedRedisServer::start);
		assertThat(failure).hasMessageContaining("it ended with status 127")
			.hasMessageContaining("  libssl.so.3: cannot open shared object file");
		FailureAnalysis analysis = new EmbeddedRedisFailureAnalyzer().analyze(new IllegalStateException(failure));
		assertThat(analysis.getDescription()).contains("libssl.so.3").doesNotContain("spring.data.redis");
		assertThat(analysis.getAction()).contains("-Dtaskqueue.redis.server=").contains("spring.data.redis.host");
	}

	@Test
	void showsTheLastOutputOfAServerThatHangs() throws IOException {
		script("echo still loading; exec sleep 100");
		assertThatExceptionOfType(EmbeddedRedisException.class)
			.isThrownBy(() -> EmbeddedRedisServer.start(Duration.ofSeconds(1)))
			.withMessageContaining("did not answer on port")
			.withMessageContaining("within 1 s")
			.withMessageContaining("  still loading");
	}

	@Test
	void showsWhatTheServerSaysAboutAWrongLine() {
		assertThatExceptionOfType(EmbeddedRedisException.class)
			.isThrownBy(() -> EmbeddedRedisServer.start("no-such-directive yes"))
			.withMessageContaining("no-such-directive yes");
	}

	@Test
	void doesNotTakeAnotherServerForItsOwn() {
		try (EmbeddedRedisServer other = EmbeddedRedisServer.start()) {
			assertThatExceptionOfType(EmbeddedRedisException.class)
				.isThrownBy(() -> EmbeddedRedisServer.start("port " + other.port()))
				.withMessageContaining("Address already in use");
		}
	}

	private void script(String commands) throws IOException {
		Path script = this.directory.resolve("redis-server");
		Files.writeString(script, "#!/bin/sh\n" + commands + "\n");
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
		System.setProperty(ServerBinary.PROPERTY, script.toString());
	}

}
