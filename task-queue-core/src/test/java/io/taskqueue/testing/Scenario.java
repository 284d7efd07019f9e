package io.taskqueue.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says which scenarios of the list of compatibility with asynq a test covers. What became
 * of it is recorded for {@code docs/asynq-compatibility.md}; the list is in the module
 * {@code interop}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ScenarioRecorder.class)
public @interface Scenario {

	/** Returns the numbers of the scenarios. */
	int[] value();

}
