package io.taskqueue.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;

import io.taskqueue.Enqueued;
import io.taskqueue.TaskOptions;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The template where Spring's transactions are not on the class path.
 */
class WithoutTransactionsTest {

	@Test
	void enqueuesAtOnce() throws Exception {
		ClassLoader loader = new WithoutTransactions();
		assertThatExceptionOfType(ClassNotFoundException.class)
			.isThrownBy(() -> loader.loadClass("org.springframework.transaction.TransactionManager"));
		Callable<?> enqueue = (Callable<?>) loader.loadClass(Enqueue.class.getName())
			.getDeclaredConstructor()
			.newInstance();
		assertThat(enqueue.call()).hasToString(Enqueued.CREATED.name());
	}

	/** Runs inside of the loader. */
	public static final class Enqueue implements Callable<Object> {

		@Override
		public Object call() {
			Clock clock = Clock.systemUTC();
			try (TaskTemplate template = new TaskTemplate(new InMemoryEnqueueBroker(clock), new TextCodec(),
					(type) -> TaskOptions.unset(), ClientOptions.DEFAULTS, clock)) {
				template.afterCommit().once("t").enqueue();
				return template.afterCommit().enqueue("t").enqueued();
			}
		}

	}

	/** Defines our classes anew and knows no transactions. */
	private static final class WithoutTransactions extends ClassLoader {

		WithoutTransactions() {
			super(WithoutTransactionsTest.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("org.springframework.transaction.")) {
				throw new ClassNotFoundException(name);
			}
			if (!name.startsWith("io.taskqueue.")) {
				return super.loadClass(name, resolve);
			}
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : define(name);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
