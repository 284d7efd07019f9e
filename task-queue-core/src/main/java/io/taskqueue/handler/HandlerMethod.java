package io.taskqueue.handler;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds out how to call a method through its bean, so that the bean's proxy takes part.
 *
 * @param bean the bean or its proxy
 * @param targetClass the class that declares the method or inherits it
 * @param method the method as the target class has it
 */
record HandlerMethod(Object bean, Class<?> targetClass, Method method) {

	static HandlerMethod of(Object bean, Method method) {
		Class<?> targetClass = targetClass(bean);
		// A proxy of something unknown has no more specific method than its interface
		Method specific = Proxy.isProxyClass(targetClass) ? method
				: AopUtils.getMostSpecificMethod(method, targetClass);
		return new HandlerMethod(bean, targetClass, specific);
	}

	static Class<?> targetClass(Object bean) {
		return ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
	}

	/** Returns how messages call it. */
	String source() {
		return this.targetClass.getName() + "#" + this.method.getName();
	}

	/**
	 * Returns the method to invoke on the bean: the method itself, or the one of the
	 * proxy's interface.
	 * @throws InvalidHandlerException when there is none, or calling it would not run the
	 * task to its end
	 */
	Method invocable() {
		if (Modifier.isStatic(this.method.getModifiers())) {
			throw invalid("the method is static", "Make it an instance method");
		}
		if (Modifier.isAbstract(this.method.getModifiers()) && !Proxy.isProxyClass(this.targetClass)) {
			throw invalid("the method is abstract", "Implement it, or annotate the method that does the work");
		}
		requireSynchronous();
		Method invocable = throughProxy();
		if (!invocable.getDeclaringClass().isInstance(this.bean)) {
			throw invalid("the bean's class does not have the method", "Pass a method of the bean");
		}
		if (!invocable.trySetAccessible()) {
			throw invalid("the method cannot be accessed", "Make it public, or open its package to io.taskqueue");
		}
		return invocable;
	}

	private void requireSynchronous() {
		Class<?> type = this.method.getReturnType();
		if (Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null) {
			throw invalid(
					"the method returns %s, so the task would count as done before it is".formatted(type.getName()),
					"Wait for the end in the method and return the value itself");
		}
		if (AnnotatedElementUtils.hasAnnotation(this.method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(this.targetClass, Async.class)) {
			throw invalid("the method is @Async, so the task would count as done before it is",
					"Remove @Async: handlers run on the worker's threads already");
		}
	}

	private Method throughProxy() {
		if (AopUtils.isJdkDynamicProxy(this.bean)) {
			Method declared = interfaceMethod();
			if (declared == null) {
				throw invalid("the bean is a JDK proxy, and none of its interfaces has the method",
						"Declare the method in an interface of the bean, or have its class proxied (proxyTargetClass = true)");
			}
			return declared;
		}
		if (AopUtils.isCglibProxy(this.bean) && !isOverriddenByProxy()) {
			throw invalid(
					"the bean is a proxy, which does not get calls of private, final or foreign package-private methods",
					"Make the method public or protected, and not final");
		}
		return this.method;
	}

	private @Nullable Method interfaceMethod() {
		for (Class<?> type : this.bean.getClass().getInterfaces()) {
			for (Method candidate : type.getMethods()) {
				// The interface may declare a type variable where the class has a type
				if (AopUtils.getMostSpecificMethod(candidate, this.targetClass).equals(this.method)) {
					return candidate;
				}
			}
		}
		return null;
	}

	private boolean isOverriddenByProxy() {
		Method found = ReflectionUtils.findMethod(this.bean.getClass(), this.method.getName(),
				this.method.getParameterTypes());
		return found != null && found.getDeclaringClass() == this.bean.getClass();
	}

	private InvalidHandlerException invalid(String problem, String fix) {
		return new InvalidHandlerException(source(), problem, fix);
	}

}
