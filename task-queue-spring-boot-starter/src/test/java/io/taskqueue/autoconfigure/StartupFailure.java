package io.taskqueue.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a developer reads when an application does not start: the answer of the first of
 * all analyzers, Spring Boot's included, that has one.
 *
 * @param description what is wrong
 * @param action what to do about it
 */
record StartupFailure(String description, String action) {

	/** Starts a context that must not start. */
	static StartupFailure of(ApplicationContextRunner runner) {
		AtomicReference<ConfigurableApplicationContext> source = new AtomicReference<>();
		AtomicReference<StartupFailure> failure = new AtomicReference<>();
		runner.withInitializer(source::set).run((context) -> {
			assertThat(context).hasFailed();
			failure.set(
					analyze(context.getStartupFailure(), source.get().getBeanFactory(), source.get().getEnvironment()));
		});
		return failure.get();
	}

	private static StartupFailure analyze(Throwable failure, BeanFactory beans, Environment environment) {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					ArgumentResolver.of(BeanFactory.class, beans).and(Environment.class, environment),
					(type, name, ex) -> {
						// For libraries that are not here, as in SpringApplication
					});
		FailureAnalysis analysis = analyzers.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nobody explains this failure", failure));
		return new StartupFailure(analysis.getDescription(), analysis.getAction());
	}

}
