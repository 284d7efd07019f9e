package io.taskqueue.faults;

import java.time.Duration;
import java.util.List;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers end while Redis does not serve.
 */
class FailedAcknowledgementTest {

	private static final Duration TRANSIENT = Duration.ofMillis(2500);

	@RegisterExtension
	final Scene scene = new Scene();

	@ParameterizedTest
	@EnumSource
	@Scenario(40)
	void runsNoHandlerTwice(Outage outage) {
		LocalWorker one = this.scene.local("one", 5);
		LocalWorker two = this.scene.local("two", 5);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.HOLD, "task", 10, null);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, tasks);

		outage.begin(this.scene.redis());
		one.release();
		two.release();
		history.awaitAll(Kind.FINISHED, tasks);
		assertThat(one.node().worker().unsettled() + two.node().worker().unsettled()).isEqualTo(tasks.size());
		Scene.pass(TRANSIENT);
		outage.end(this.scene.redis());

		Leftovers.awaitNone(this.scene.redis(), tasks.size());
		history.assertOnce(tasks);
		history.assertNoAttemptUsed();
	}

}
