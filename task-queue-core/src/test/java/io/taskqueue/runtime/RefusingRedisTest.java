package io.taskqueue.runtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.FaultyProxy;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Redis answers that it cannot serve now. A worker asks again with pauses in between, and
 * goes on when Redis does.
 */
class RefusingRedisTest {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/**
	 * How many requests all parts of a node and a client may make in the seconds of the
	 * refusal, repeats of the drivers included; those who do not pause make thousands.
	 */
	private static final int FEW = 200;

	private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

	/** The errors, and what the caller reads of them. */
	private enum Refusal {

		LOADING("LOADING Redis is loading the dataset in memory", "it is loading its data"),
		MASTERDOWN("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
				"it is a replica that has lost its master"),
		CLUSTERDOWN("CLUSTERDOWN The cluster is down", "the cluster does not serve all slots");

		private final String error;

		private final String advice;

		Refusal(String error, String advice) {
			this.error = error;
			this.advice = advice;
		}

		boolean happensTo(Losing losing) {
			return this != CLUSTERDOWN || losing.isCluster();
		}

	}

	/**
	 * Each driver with a server and with a cluster, where nothing is lost; and all
	 * combinations in the long run.
	 */
	static Stream<Arguments> refusals() {
		if (!Boolean.getBoolean("taskqueue.soak")) {
			return Stream.of(Arguments.of(Losing.JEDIS_CLOSED, Refusal.LOADING),
					Arguments.of(Losing.LETTUCE_CLOSED, Refusal.MASTERDOWN),
					Arguments.of(Losing.JEDIS_CLUSTER_CLOSED, Refusal.CLUSTERDOWN),
					Arguments.of(Losing.LETTUCE_CLUSTER_CLOSED, Refusal.CLUSTERDOWN));
		}
		return Stream
			.of(Losing.JEDIS_CLOSED, Losing.LETTUCE_CLOSED, Losing.JEDIS_CLUSTER_CLOSED, Losing.LETTUCE_CLUSTER_CLOSED)
			.flatMap((losing) -> Arrays.stream(Refusal.values())
				.filter((refusal) -> refusal.happensTo(losing))
				.map((refusal) -> Arguments.of(losing, refusal)));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void workerPausesAndGoesOn(Losing losing, Refusal refusal) throws Exception {
		losing.redis().flushAll();
		try (FaultyProxy proxy = losing.proxy();
				TaskQueue taskQueue = losing.connect(proxy, Duration.ofSeconds(5));
				TaskTemplate template = template(taskQueue)) {
			WorkerNode node = taskQueue.node(handlers(), WorkerHooks.none(), WorkerOptions.standard());
			node.start();
			template.once("type").uuid("before").enqueue();
			assertNext("before");
			// Due while Redis refuses
			template.once("type").uuid("meanwhile").in(Duration.ofSeconds(2)).enqueue();

			proxy.refuse(refusal.error);
			assertThatExceptionOfType(TaskQueueUnavailableException.class)
				.isThrownBy(() -> template.once("type").uuid("refused").enqueue())
				.withMessageContaining(refusal.advice);
			await().atMost(PATIENCE).until(() -> proxy.refused() > 2);
			assertThat(proxy.refused()).isLessThan(FEW);
			assertThat(this.done).isEmpty();
			proxy.serve();

			assertNext("meanwhile");
			template.once("type").uuid("after").enqueue();
			assertNext("after");
			node.stop();
			assertThat(node.worker().unsettled()).isZero();
		}
		assertThat(new QueueContent(losing.redis(), "default").keysOfTasks()).isEmpty();
	}

	private void assertNext(String id) throws InterruptedException {
		assertThat(this.done.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(id);
	}

	private static TaskTemplate template(TaskQueue taskQueue) {
		return taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(), ClientOptions.DEFAULTS);
	}

	private HandlerRegistry handlers() {
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("type", "RefusingRedisTest", Handler.Policy.STANDARD, (task) -> {
			this.done.add(task.id());
			return null;
		}));
		return handlers;
	}

}
