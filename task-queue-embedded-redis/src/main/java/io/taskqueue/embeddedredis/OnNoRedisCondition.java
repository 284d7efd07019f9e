package io.taskqueue.embeddedredis;

import java.util.List;
import java.util.Objects;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Matches while nothing says which Redis to use: no property, no connection details, no
 * connection factory. In doubt something does: losing data in a server that nobody wanted
 * is worse than a refused connection. Never matches while an application is processed
 * ahead of time: what is decided then counts wherever it runs, whatever is configured
 * there.
 */
final class OnNoRedisCondition extends SpringBootCondition implements ConfigurationCondition {

	/** Below spring.data.redis: what says where a Redis is or how to be let in. */
	private static final List<String> PROPERTIES = List.of("url", "host", "port", "username", "password", "sentinel",
			"cluster", "masterreplica", "ssl");

	/**
	 * Beans that are not default candidates count too, hence no ConditionalOnMissingBean.
	 */
	private static final List<Class<?>> BEANS = List.of(DataRedisConnectionDetails.class, RedisConnectionFactory.class);

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Embedded Redis");
		if (SpringProperties.getFlag(AbstractAotProcessor.AOT_PROCESSING)) {
			return ConditionOutcome.noMatch(message.because("the application is processed ahead of time"));
		}
		for (String property : PROPERTIES) {
			String name = "spring.data.redis." + property;
			if (isSet(context.getEnvironment(), name)) {
				return ConditionOutcome.noMatch(message.because("Redis is configured by " + name));
			}
		}
		ListableBeanFactory beanFactory = Objects.requireNonNull(context.getBeanFactory());
		for (Class<?> type : BEANS) {
			String[] beans = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true, false);
			if (beans.length > 0) {
				return ConditionOutcome.noMatch(
						message.because("Redis is configured by the " + type.getSimpleName() + " bean " + beans[0]));
			}
		}
		return ConditionOutcome.match(message.because("no Redis is configured"));
	}

	private static boolean isSet(Environment environment, String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
