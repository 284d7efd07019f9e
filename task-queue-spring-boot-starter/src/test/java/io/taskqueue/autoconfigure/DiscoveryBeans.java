package io.taskqueue.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.annotation.TaskHandler;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;

import org.springframework.core.annotation.AliasFor;

/**
 * Beans for {@link TaskHandlerDiscoveryTest}: good ones tell what they ran, bad ones have
 * a method {@code run} that cannot be a handler.
 */
final class DiscoveryBeans {

	private DiscoveryBeans() {
	}

	interface Job {

		@TaskHandler("by.interface")
		void byInterface();

	}

	static class JobBean implements Job {

		final Received received;

		JobBean(Received received) {
			this.received = received;
		}

		@Override
		public void byInterface() {
			this.received.add("by.interface");
		}

	}

	static class WiderJobBean extends JobBean {

		WiderJobBean(Received received) {
			super(received);
		}

		@TaskHandler("by.class")
		protected void byClass() {
			this.received.add("by.class");
		}

	}

	/** Does to a bean what a transaction's interceptor does. */
	static class CountingInterceptor implements MethodInterceptor {

		final AtomicInteger calls = new AtomicInteger();

		@Override
		public Object invoke(MethodInvocation invocation) throws Throwable {
			this.calls.incrementAndGet();
			return invocation.proceed();
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@TaskHandler(retry = "0")
	@interface Once {

		@AliasFor(annotation = TaskHandler.class, attribute = "type")
		String value();

	}

	static class General {

		final Received received;

		General(Received received) {
			this.received = received;
		}

		@TaskHandler("inherited")
		void inherited() {
			this.received.add("inherited");
		}

	}

	static class Special extends General {

		Special(Received received) {
			super(received);
		}

		@Once("by.meta")
		void byMeta() {
			this.received.add("by.meta");
		}

	}

	static class WithPlaceholders {

		@TaskHandler(type = "${my.type}", retry = "${my.retry}")
		void run() {
		}

	}

	static class LazyHandlers {

		private final Received received;

		LazyHandlers(Received received) {
			this.received = received;
		}

		@TaskHandler("lazy")
		void run() {
			this.received.add("lazy");
		}

	}

	static class ScopedHandlers {

		private final Received received;

		ScopedHandlers(Received received) {
			this.received = received;
		}

		@TaskHandler("scoped")
		public void run() {
			this.received.add("scoped");
		}

	}

	static class NeverMade {

		NeverMade() {
			throw new IllegalStateException("a lazy bean without handlers was made");
		}

	}

	static class Limited {

		@TaskHandler(type = "limited", concurrency = "2")
		void run() {
		}

	}

	static class TwoPayloads {

		@TaskHandler("bad")
		void run(String one, Integer two) {
		}

	}

	static class BadDuration {

		@TaskHandler(type = "bad", timeout = "10")
		void run() {
		}

	}

	static class Unbound {

		@TaskHandler("bad")
		<T> void run(T payload) {
		}

	}

	static class PrivateMethod {

		@TaskHandler("bad")
		private void run() {
		}

	}

}
