package io.taskqueue.redis;

import java.io.File;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each driver does without the other, and Lettuce without Jedis' pool.
 */
class DriverAbsenceTest {

	@ParameterizedTest
	@EnumSource
	void otherDriverIsNotNeeded(Driver driver) throws Exception {
		Class<? extends IntConsumer> use = switch (driver) {
			case JEDIS -> UseJedis.class;
			case LETTUCE -> UseLettuce.class;
		};
		List<String> hidden = switch (driver) {
			case JEDIS -> List.of("io.lettuce.", "io.netty.", "reactor.");
			case LETTUCE -> List.of("redis.clients.", "org.apache.commons.pool2.");
		};
		try (HidingClassLoader classes = new HidingClassLoader(hidden)) {
			Constructor<?> constructor = classes.loadClass(use.getName()).getDeclaredConstructor();
			constructor.setAccessible(true);
			Object consumer = constructor.newInstance();
			assertThat(consumer.getClass()).isNotEqualTo(use);
			((IntConsumer) consumer).accept(TestRedis.shared().port());
		}
	}

	@Test
	void hidingHides() throws Exception {
		try (HidingClassLoader classes = new HidingClassLoader(List.of("io.lettuce."))) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> classes.loadClass("io.lettuce.core.RedisClient"));
		}
	}

	static class UseJedis implements IntConsumer {

		@Override
		public void accept(int port) {
			use(new JedisConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port)));
		}

	}

	static class UseLettuce implements IntConsumer {

		@Override
		public void accept(int port) {
			// Its events mix up the classes of two loaders
			System.setProperty("io.lettuce.core.jfr", "false");
			use(new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port)));
		}

	}

	private static void use(RedisConnectionFactory application) {
		try (RedisConnections connections = new RedisConnections(application, 1, 1, Timeouts.defaults())) {
			connections.start();
			Object reply = connections.scripts().eval(Script.of("one", "return {1}"), List.of(), List.of());
			assertThat(reply).isEqualTo(List.of(1L));
			try (PushWatch watch = connections.watch(new byte[] { 'x' })) {
				watch.awaitPush(Duration.ofMillis(20));
			}
			connections.subscribe(List.of(new byte[] { 'x' }), (channel, message) -> {
			}).close();
		}
	}

	private static final class HidingClassLoader extends URLClassLoader {

		private final List<String> hidden;

		HidingClassLoader(List<String> hidden) {
			super(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.map(HidingClassLoader::url)
				.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
			this.hidden = hidden;
		}

		private static URL url(String path) {
			try {
				return new File(path).toURI().toURL();
			}
			catch (MalformedURLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (this.hidden.stream().anyMatch(name::startsWith)) {
				throw new ClassNotFoundException(name);
			}
			return super.loadClass(name, resolve);
		}

	}

}
