package io.taskqueue.handler;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.taskqueue.annotation.Header;
import io.taskqueue.annotation.TaskHandler;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProxiedHandlersTest {

	private final AnnotatedHandlers handlers = new AnnotatedHandlers(new JacksonPayloadCodec(), (text) -> text);

	private final List<String> intercepted = new ArrayList<>();

	@Test
	void callsThroughAClassProxy() throws Exception {
		for (String pattern : List.of("public", "protected", "package", "inherited")) {
			Handler handler = handler(pattern, proxied(new ClassTasks(), true));
			assertThat(handler.source()).startsWith(ClassTasks.class.getName() + "#");
			assertThat(handler.function().handle(FakeTask.of("bob"))).isEqualTo("real bob");
		}
		assertThat(this.intercepted).containsExactly("publicMethod", "protectedMethod", "packageMethod", "inherited");
	}

	@Test
	void refusesWhatAClassProxyDoesNotGet() {
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> this.handlers.parse(proxied(new PrivateTasks(), true)))
			.withMessage("Task handler " + PrivateTasks.class.getName()
					+ "#run: the bean is a proxy, which does not get calls of private, final or foreign package-private "
					+ "methods. Make the method public or protected, and not final.");
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> this.handlers.parse(proxied(new FinalTasks(), true)))
			.withMessageContaining("FinalTasks#run: the bean is a proxy");
	}

	@Test
	void callsThroughAnInterfaceProxy() throws Exception {
		Handler handler = only(proxied(new AnnotatedClass(), false));
		assertThat(handler.source()).isEqualTo(AnnotatedClass.class.getName() + "#run");
		assertThat(handler.function().handle(FakeTask.of("bob"))).isEqualTo("real bob");
		assertThat(this.intercepted).containsExactly("run");
	}

	@Test
	void readsAnnotationsOfTheInterface() throws Exception {
		FakeTask task = new FakeTask("{\"name\":\"bob\"}".getBytes(StandardCharsets.UTF_8), Map.of("tenant", "t"));
		for (Object bean : List.of(new GenericClass(), proxied(new GenericClass(), false),
				proxied(new GenericClass(), true))) {
			Handler handler = only(bean);
			assertThat(handler.pattern()).isEqualTo("generic");
			assertThat(handler.function().handle(task)).isEqualTo("bob of t");
		}
		assertThat(this.intercepted).containsExactly("run", "run");
	}

	@Test
	void refusesWhatAnInterfaceProxyDoesNotHave() {
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> this.handlers.parse(proxied(new HiddenTasks(), false)))
			.withMessage("Task handler " + HiddenTasks.class.getName()
					+ "#hidden: the bean is a JDK proxy, and none of its interfaces has the method. Declare the method "
					+ "in an interface of the bean, or have its class proxied (proxyTargetClass = true).");
	}

	@Test
	void callsThroughAProxyOfAProxy() throws Exception {
		Handler handler = only(proxied(proxied(new AnnotatedClass(), false), false));
		assertThat(handler.source()).isEqualTo(AnnotatedClass.class.getName() + "#run");
		assertThat(handler.function().handle(FakeTask.of("bob"))).isEqualTo("real bob");
		assertThat(this.intercepted).containsExactly("run", "run");
	}

	@Test
	void acceptsProxiesThatAreNotSprings() throws Exception {
		Object bean = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { AnnotatedInterface.class },
				(proxy, method, arguments) -> "proxy " + arguments[0]);
		assertThat(only(bean).function().handle(FakeTask.of("bob"))).isEqualTo("proxy bob");
	}

	@Test
	void callsEnhancedConfigurationClassesDirectly() throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Tasks.class)) {
			Handler handler = only(context.getBean(Tasks.class));
			assertThat(handler.source()).isEqualTo(Tasks.class.getName() + "#run");
			assertThat(handler.function().handle(FakeTask.of("bob"))).isEqualTo("real bob");
		}
	}

	private Object proxied(Object target, boolean targetClass) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(targetClass);
		factory.addAdvice((MethodInterceptor) (invocation) -> {
			this.intercepted.add(invocation.getMethod().getName());
			return invocation.proceed();
		});
		return factory.getProxy(getClass().getClassLoader());
	}

	private Handler only(Object bean) {
		List<Handler> found = this.handlers.parse(bean);
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	private Handler handler(String pattern, Object bean) {
		return this.handlers.parse(bean)
			.stream()
			.filter((handler) -> handler.pattern().equals(pattern))
			.findFirst()
			.orElseThrow();
	}

	record Login(String name) {
	}

	static class BaseTasks {

		// Only set in the target: a call that misses the proxy's target finds null
		final String prefix = String.valueOf("real ");

		@TaskHandler("inherited")
		public String inherited(String name) {
			return this.prefix + name;
		}

	}

	static class ClassTasks extends BaseTasks {

		@TaskHandler("public")
		public String publicMethod(String name) {
			return this.prefix + name;
		}

		@TaskHandler("protected")
		protected String protectedMethod(String name) {
			return this.prefix + name;
		}

		@TaskHandler("package")
		String packageMethod(String name) {
			return this.prefix + name;
		}

	}

	static class PrivateTasks {

		@TaskHandler("x")
		private void run() {
		}

	}

	static class FinalTasks {

		@TaskHandler("x")
		public final void run() {
		}

	}

	interface PlainInterface {

		String run(String name);

	}

	static class AnnotatedClass implements PlainInterface {

		private final String prefix = String.valueOf("real ");

		@Override
		@TaskHandler("x")
		public String run(String name) {
			return this.prefix + name;
		}

	}

	interface AnnotatedInterface {

		@TaskHandler("x")
		String run(String name);

	}

	interface GenericInterface<T> {

		@TaskHandler("generic")
		String run(T payload, @Header("tenant") String tenant);

	}

	static class GenericClass implements GenericInterface<Login> {

		@Override
		public String run(Login login, String tenant) {
			return login.name() + " of " + tenant;
		}

	}

	static class HiddenTasks implements PlainInterface {

		@Override
		public String run(String name) {
			return name;
		}

		@TaskHandler("x")
		public void hidden() {
		}

	}

	@Configuration
	static class Tasks {

		private final String prefix = String.valueOf("real ");

		@TaskHandler("x")
		private String run(String name) {
			return this.prefix + name;
		}

	}

}
