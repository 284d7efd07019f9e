package io.taskqueue.embeddedredis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * The {@code redis-server} to run: the one named by a system property, or the one that
 * the jar ships for this platform.
 */
final class ServerBinary {

	/** The system property with the path of a {@code redis-server}. */
	static final String PROPERTY = "taskqueue.redis.server";

	static final String WAYS_OUT = """
			Any one of these helps:
			  - install redis-server 6.2 or later and name it with -D%s=/path/to/redis-server
			  - use a Redis that runs elsewhere: set spring.data.redis.host and spring.data.redis.port, or spring.data.redis.url
			  - run on a platform with a bundled server: Linux on x86-64 (glibc, OpenSSL 3), x86 or ARM64, macOS on x86-64 or ARM64 (Homebrew openssl@3)"""
		.formatted(PROPERTY);

	private static final String WINDOWS_WAYS_OUT = """
			Either of these helps:
			  - use a Redis that runs elsewhere, such as in Docker: set spring.data.redis.host and spring.data.redis.port, or spring.data.redis.url
			  - run the application in WSL 2""";

	/**
	 * By operating system and os.arch. Windows is left out: the jar has Redis 5 for it.
	 */
	private static final Map<String, OsArchitecture> PLATFORMS = Map.of( //
			"linux/amd64", OsArchitecture.UNIX_x86_64, //
			"linux/x86_64", OsArchitecture.UNIX_x86_64, //
			"linux/i386", OsArchitecture.UNIX_x86, //
			"linux/x86", OsArchitecture.UNIX_x86, //
			"linux/aarch64", OsArchitecture.UNIX_AARCH64, //
			"mac/x86_64", OsArchitecture.MAC_OS_X_x86_64, //
			"mac/aarch64", OsArchitecture.MAC_OS_X_ARM64);

	private ServerBinary() {
	}

	/**
	 * Returns the server to run.
	 * @param osName the system property {@code os.name}
	 * @param osArch the system property {@code os.arch}
	 * @param directory where a bundled server is unpacked
	 */
	static Path locate(String osName, String osArch, Path directory) {
		if (osName.startsWith("Windows")) {
			throw new EmbeddedRedisException("An embedded Redis server cannot run on " + osName + ".",
					WINDOWS_WAYS_OUT);
		}
		String path = System.getProperty(PROPERTY, "");
		return path.isBlank() ? unpack(resource(osName, osArch), directory) : installed(path);
	}

	private static Path installed(String path) {
		Path server = Path.of(path);
		if (!Files.isRegularFile(server) || !Files.isExecutable(server)) {
			throw new EmbeddedRedisException(
					"-D" + PROPERTY + "=" + path + " does not name an executable file (looked at "
							+ server.toAbsolutePath() + ").",
					"Correct the path, or leave the property out to run the bundled server.");
		}
		return server.toAbsolutePath();
	}

	private static String resource(String osName, String osArch) {
		String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "mac" : osName.toLowerCase(Locale.ROOT);
		OsArchitecture platform = PLATFORMS.get(os + "/" + osArch);
		String resource = (platform != null) ? ExecutableProvider.newProvidedVersionsMap().get(platform) : null;
		if (resource == null) {
			throw new EmbeddedRedisException("No Redis server is bundled for " + osName + " on " + osArch + ".",
					WAYS_OUT);
		}
		return resource;
	}

	private static Path unpack(String resource, Path directory) {
		Path server = directory.resolve("redis-server");
		try (@Nullable
		InputStream bundled = ExecutableProvider.class.getResourceAsStream(resource)) {
			if (bundled == null) {
				throw new EmbeddedRedisException("The class path has no " + resource + ".",
						"Leave com.github.codemonstur:embedded-redis complete and unshaded. " + WAYS_OUT);
			}
			Files.copy(bundled, server);
			if (!server.toFile().setExecutable(true)) {
				throw new IOException("cannot be made executable");
			}
			return server;
		}
		catch (IOException ex) {
			throw new EmbeddedRedisException("Cannot unpack " + resource + " to " + server + ": " + ex + ".",
					"Point -Djava.io.tmpdir to a directory with 10 MB to spare. " + WAYS_OUT);
		}
	}

}
