package io.taskqueue.autoconfigure;

import io.taskqueue.autoconfigure.DiscoveryBeans.BadDuration;
import io.taskqueue.autoconfigure.DiscoveryBeans.CountingInterceptor;
import io.taskqueue.autoconfigure.DiscoveryBeans.Job;
import io.taskqueue.autoconfigure.DiscoveryBeans.JobBean;
import io.taskqueue.autoconfigure.DiscoveryBeans.LazyHandlers;
import io.taskqueue.autoconfigure.DiscoveryBeans.Limited;
import io.taskqueue.autoconfigure.DiscoveryBeans.NeverMade;
import io.taskqueue.autoconfigure.DiscoveryBeans.PrivateMethod;
import io.taskqueue.autoconfigure.DiscoveryBeans.ScopedHandlers;
import io.taskqueue.autoconfigure.DiscoveryBeans.Special;
import io.taskqueue.autoconfigure.DiscoveryBeans.TwoPayloads;
import io.taskqueue.autoconfigure.DiscoveryBeans.Unbound;
import io.taskqueue.autoconfigure.DiscoveryBeans.WiderJobBean;
import io.taskqueue.autoconfigure.DiscoveryBeans.WithPlaceholders;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.ProxyFactoryBean;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class TaskHandlerDiscoveryTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withBean(Received.class)
		.withBean("countingInterceptor", CountingInterceptor.class);

	@Test
	void callsThroughJdkProxies() {
		this.runner.withUserConfiguration(JdkProxied.class).run((context) -> {
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean("proxied"))).isTrue();
			runs(context, "by.interface");
			assertThat(context.getBean(CountingInterceptor.class).calls).hasValue(1);
		});
	}

	@Test
	void callsThroughCglibProxies() {
		this.runner.withUserConfiguration(Proxied.class, CglibProxies.class).run((context) -> {
			assertThat(AopUtils.isCglibProxy(context.getBean("proxied"))).isTrue();
			runs(context, "by.interface");
			runs(context, "by.class");
			assertThat(context.getBean(CountingInterceptor.class).calls).hasValue(2);
		});
	}

	@Test
	void findsHandlersBehindProxiesThatSpringDidNotCreate() {
		this.runner.withUserConfiguration(HandMadeProxy.class).run((context) -> runs(context, "by.interface"));
	}

	@Test
	void findsHandlersOfFactoryBeans() {
		this.runner.withUserConfiguration(MadeByFactoryBean.class).run((context) -> runs(context, "by.interface"));
	}

	@Test
	void findsAnnotationsOnAnnotationsAndSuperclasses() {
		this.runner.withBean(Special.class).run((context) -> {
			runs(context, "inherited");
			runs(context, "by.meta");
			assertThat(context.getBean(TaskTemplate.class).enqueue("by.meta").maxRetry()).isZero();
		});
	}

	@Test
	void fillsPlaceholdersFromTheEnvironment() {
		this.runner.withBean(WithPlaceholders.class)
			.withPropertyValues("my.type=filled", "my.retry=4")
			.run((context) -> assertThat(context.getBean(TaskTemplate.class).enqueue("filled").maxRetry())
				.isEqualTo(4));
	}

	@Test
	void makesOnlyThoseLazyBeansThatHaveHandlers() {
		this.runner.withUserConfiguration(Lazies.class).run((context) -> runs(context, "lazy"));
	}

	@Test
	void registersScopedBeansOnce() {
		this.runner
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.withUserConfiguration(Scoped.class)
			.run((context) -> runs(context, "scoped"));
	}

	@Test
	void usesOneInstanceOfAPrototype() {
		this.runner.withUserConfiguration(Prototype.class).run((context) -> runs(context, "lazy"));
	}

	@Test
	void refusesTwoHandlersOfOneType() {
		this.runner.withBean("one", LazyHandlers.class).withBean("two", LazyHandlers.class).run((context) -> {
			String handler = LazyHandlers.class.getName() + "#run (bean '%s')";
			assertThat(context).getFailure()
				.hasMessage("Two handlers for task type 'lazy': %s and %s. Remove one, or give it another type."
					.formatted(handler.formatted("one"), handler.formatted("two")));
			assertThat(new DuplicateHandlerFailureAnalyzer().analyze(context.getStartupFailure()).getDescription())
				.contains("'lazy'", "(bean 'one')", "(bean 'two')");
		});
	}

	@Test
	void refusesTwoPayloads() {
		failsNaming(TwoPayloads.class, "parameter 1 (java.lang.Integer) is a second payload",
				"A handler takes one payload");
	}

	@Test
	void refusesDurationsWithoutUnit() {
		failsNaming(BadDuration.class, "timeout = \"10\" cannot be read: '10' is not a duration",
				"Correct the attribute");
	}

	@Test
	void refusesMissingPlaceholders() {
		failsNaming(WithPlaceholders.class, "Could not resolve placeholder 'my.type'", "Correct the attribute");
	}

	@Test
	void refusesParametersThatNothingCanFill() {
		failsNaming(Unbound.class, "is a type variable", "Declare a concrete type");
	}

	@Test
	void refusesPrivateMethodsOfProxiedBeans() {
		this.runner.withUserConfiguration(CglibProxies.class)
			.withBean("proxied", PrivateMethod.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("'proxied'")
				.hasMessageContaining(PrivateMethod.class.getName() + "#run")
				.hasMessageContaining("Make the method public or protected"));
	}

	@Test
	void warnsOfALimitedHandlerThatSharesItsQueue(CapturedOutput output) {
		this.runner.withBean(Special.class).withBean("limited", Limited.class).run((context) -> {
			assertThat(output).contains("Limited#run (bean 'limited') runs at most 2 tasks at once, but shares queue");
			assertThat(output).doesNotContain("does not work");
		});
	}

	@Test
	void warnsOfAQueueThatIsNotWorkedOn(CapturedOutput output) {
		this.runner.withBean("limited", Limited.class)
			.withPropertyValues("task-queue.handlers.limited.queue=critical")
			.run((context) -> assertThat(output)
				.contains("Tasks of type 'limited' go to queue 'critical', on which this application does not work")
				.contains("task-queue.worker.queues.critical=1"));
	}

	private void failsNaming(Class<?> handlers, String problem, String fix) {
		this.runner.withBean("bad", handlers).run((context) -> {
			var analysis = new InvalidHandlerFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains(handlers.getName() + "#run of bean 'bad'", problem);
			assertThat(analysis.getAction()).contains(fix);
		});
	}

	private static void runs(AssertableApplicationContext context, String type) throws InterruptedException {
		Handler handler = context.getBean(HandlerRegistry.class).find(type);
		assertThat(handler).isNotNull();
		context.getBean(TaskTemplate.class).enqueue(type);
		assertThat(context.getBean(Received.class).next()).isEqualTo(type);
	}

	@Configuration(proxyBeanMethods = false)
	static class Proxied {

		@Bean
		WiderJobBean proxied(Received received) {
			return new WiderJobBean(received);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdkProxied {

		@Bean
		Job proxied(Received received) {
			return new JobBean(received);
		}

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return creator(false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CglibProxies {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return creator(true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HandMadeProxy {

		@Bean
		Object byHand(Received received) {
			return new ProxyFactory(new JobBean(received)).getProxy();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MadeByFactoryBean {

		@Bean
		ProxyFactoryBean byFactory(Received received) {
			ProxyFactoryBean factory = new ProxyFactoryBean();
			factory.setTarget(new JobBean(received));
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Lazies {

		@Bean
		@Lazy
		LazyHandlers lazy(Received received) {
			return new LazyHandlers(received);
		}

		@Bean
		@Lazy
		NeverMade other() {
			return new NeverMade();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		LazyHandlers prototype(Received received) {
			return new LazyHandlers(received);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		ScopedHandlers scoped(Received received) {
			return new ScopedHandlers(received);
		}

	}

	private static BeanNameAutoProxyCreator creator(boolean proxyTargetClass) {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames("proxied");
		creator.setInterceptorNames("countingInterceptor");
		creator.setProxyTargetClass(proxyTargetClass);
		return creator;
	}

}
