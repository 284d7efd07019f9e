package io.taskqueue.autoconfigure;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;

/**
 * Finds executors by the names of their beans.
 *
 * @param beans the bean factory
 */
record ExecutorBeans(ListableBeanFactory beans) implements Function<String, Executor> {

	/**
	 * Returns an executor.
	 * @throws IllegalArgumentException naming those that there are, when there is none of
	 * this name
	 */
	@Override
	public Executor apply(String name) {
		try {
			return this.beans.getBean(name, Executor.class);
		}
		catch (BeanNotOfRequiredTypeException ex) {
			throw new IllegalArgumentException(
					"the bean '%s' is no Executor but a %s".formatted(name, ex.getActualType().getName()), ex);
		}
		catch (NoSuchBeanDefinitionException ex) {
			if (!name.equals(ex.getBeanName())) {
				throw ex;
			}
			throw new IllegalArgumentException("there is no bean '%s'; the Executor beans are %s".formatted(name,
					List.of(this.beans.getBeanNamesForType(Executor.class))), ex);
		}
	}

}
