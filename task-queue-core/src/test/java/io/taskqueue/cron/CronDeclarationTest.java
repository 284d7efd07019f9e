package io.taskqueue.cron;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.taskqueue.InvalidTaskException;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Definitions that processes declare, over restarts, deploys and their end.
 */
@Timeout(60)
@ParameterizedClass
@MethodSource("io.taskqueue.testing.Storage#usual")
class CronDeclarationTest {

	@Parameter
	Storage storage;

	private final MutableClock clock = new MutableClock(Instant.parse("2026-03-02T10:00:00Z"));

	private CronNode operator;

	@BeforeEach
	void start() {
		this.storage.redis().flushAll();
		this.operator = new CronNode(this.storage.factory(), "app", this.clock);
	}

	@AfterEach
	void stop() {
		this.operator.close();
	}

	private CronNode node(CronSources sources) {
		CronNode node = new CronNode(this.storage.factory(), "app", this.clock, CronOptions.DEFAULTS, sources);
		node.scheduler.declarations().start();
		return node;
	}

	private static CronSources annotated(String expression) {
		return new CronSources(List.of(CronTaskDefinition.of("job", "job.cron", expression)), List.of(), Map.of());
	}

	private CronTaskInfo job() {
		return this.operator.registry.find("job").orElseThrow();
	}

	@Test
	void theProcessThatStartedLastCounts() {
		try (CronNode old = node(annotated("0 1 * * *")); CronNode newer = node(annotated("0 2 * * *"))) {
			for (int i = 0; i < 3; i++) {
				old.scheduler.declarations().beat();
				newer.scheduler.declarations().beat();
				assertThat(job().expressions()).containsExactly("CRON_TZ=UTC 0 2 * * *");
			}
		}
	}

	@Test
	void whatNobodyDeclaresIsRetiredUntilSomebodyDoes() {
		this.operator.registry.register(CronTaskDefinition.of("own", "own", "@daily"));
		try (CronNode node = node(annotated("@daily"))) {
			this.clock.advance(Duration.ofMinutes(9));
			this.operator.scheduler.retirement().retire();
			assertThat(job().retired()).isFalse();
			this.clock.advance(Duration.ofMinutes(2));
			this.operator.scheduler.retirement().retire();
			assertThat(job()).returns(true, CronTaskInfo::retired).returns(null, CronTaskInfo::next);
			assertThat(this.operator.registry.find("own").orElseThrow().retired()).isFalse();
			node.scheduler.declarations().beat();
			assertThat(job().retired()).isFalse();
		}
	}

	@Test
	void runTimeChangesSurviveRestarts() {
		node(annotated("@daily")).close();
		this.operator.registry.updateExpression("job", "@hourly");
		this.operator.registry.disable("job");
		node(annotated("@daily")).close();
		assertThat(job()).returns(true, CronTaskInfo::overridden).returns(false, CronTaskInfo::enabled);
	}

	@Test
	void theRegistryLeavesToTheirOwnersWhatTheyDefine() {
		node(annotated("@daily")).close();
		assertThatExceptionOfType(InvalidTaskException.class)
			.isThrownBy(() -> this.operator.registry.register(CronTaskDefinition.of("job", "x", "@daily")))
			.withMessageContaining("defined by annotation");
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> this.operator.registry.remove("job"))
			.withMessageContaining("disable it");
		this.clock.advance(Duration.ofMinutes(11));
		this.operator.scheduler.retirement().retire();
		assertThat(this.operator.registry.remove("job")).isTrue();
	}

	@Test
	void providersAreSynchronisedAndTheirFailuresLeftOut() {
		AtomicReference<List<CronTaskDefinition>> rows = new AtomicReference<>(
				List.of(CronTaskDefinition.of("a", "t", "@daily"), CronTaskDefinition.of("b", "t", "@daily")));
		CronTaskProvider provider = () -> {
			if (rows.get().isEmpty()) {
				throw new IOException("no table");
			}
			return rows.get();
		};
		CronSources sources = new CronSources(annotated("@daily").annotated(), List.of(), Map.of("table", provider));
		try (CronNode node = node(sources)) {
			rows.set(List.of(CronTaskDefinition.of("a", "t", "@hourly")));
			node.scheduler.declarations().sync();
			assertThat(node.registry.list()).extracting(CronTaskInfo::uuid).containsExactly("a", "job");
			rows.set(List.of());
			node.scheduler.declarations().sync();
			rows.set(List.of(CronTaskDefinition.of("job", "t", "@hourly")));
			node.scheduler.declarations().sync();
			assertThat(node.registry.list()).extracting(CronTaskInfo::uuid).containsExactly("a", "job");
			assertThat(job().owner()).isEqualTo("annotation");
		}
		rows.set(List.of());
		assertThatIllegalStateException().isThrownBy(() -> node(sources)).withMessageContaining("'table'");
	}

	@Test
	void declaresAnewWhatRedisHasLost() {
		try (CronNode node = node(annotated("@daily"))) {
			this.storage.redis().flushAll();
			node.scheduler.declarations().beat();
			assertThat(job().owner()).isEqualTo("annotation");
		}
	}

	@Test
	void oneUuidTwiceIsRefused() {
		CronTaskDefinition job = CronTaskDefinition.of("job", "t", "@daily");
		assertThatExceptionOfType(DuplicateCronTaskException.class)
			.isThrownBy(() -> node(new CronSources(List.of(job), List.of(job), Map.of())))
			.withMessageContaining("annotation and properties");
	}

}
