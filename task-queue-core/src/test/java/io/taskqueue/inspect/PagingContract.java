package io.taskqueue.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.taskqueue.TaskState;
import io.taskqueue.testing.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Long listings, page by page.
 */
abstract class PagingContract extends InspectorContract {

	private static final int TASKS = 95;

	PagingContract(Storage storage) {
		super(storage);
	}

	@ParameterizedTest
	@EnumSource
	void pagesFollowEachOther(TaskState state) {
		fill(state, 1);
		assertThat(read(state, Paging.first(10), (page) -> {
		})).isEqualTo(ids(0, TASKS));
		assertThat(read(state, Paging.first(), (page) -> {
		})).isEqualTo(ids(0, TASKS));
	}

	@ParameterizedTest
	@EnumSource
	void pagesHaveNumbersAsInAsynq(TaskState state) {
		fill(state, 1);
		assertThat(list(state, Paging.first()).items()).hasSize(30);
		assertThat(list(state, Paging.page(1, 30)).total()).isEqualTo(TASKS);
		assertThat(list(state, Paging.page(3, 20)).items()).extracting(TaskDetails::id).isEqualTo(ids(40, 60));
		assertThat(list(state, Paging.page(5, 20)).items()).extracting(TaskDetails::id).isEqualTo(ids(80, TASKS));
		assertThat(list(state, Paging.page(5, 20)).next()).isNull();
		assertThat(list(state, Paging.page(6, 20))).isEqualTo(new Listing<>(List.of(), TASKS, null));
		assertThat(list(state, Paging.page(2_000_000_000, 200)).items()).isEmpty();
		assertThat(list(state, new Paging(200, 1_000_000_000_000_000L, null)).items()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void lastPageThatIsFullHasNoNext(TaskState state) {
		fill(state, 1);
		assertThat(list(state, Paging.page(5, 19)).items()).hasSize(19);
		assertThat(list(state, Paging.page(5, 19)).next()).isNull();
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "RETRY", "ARCHIVED", "COMPLETED", "AGGREGATING" })
	void tasksThatLeaveMeanwhileHideNoOthers(TaskState state) {
		fill(state, 10);
		List<String> read = read(state, Paging.first(10), (page) -> {
			// All but the last one of each page
			try (Jedis jedis = jedis()) {
				page.items().subList(0, page.items().size() - 1).forEach((task) -> jedis.zrem(key(state), task.id()));
			}
		});
		assertThat(read).isEqualTo(ids(0, TASKS));
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "AGGREGATING" })
	void tasksAreNotHiddenWhereThePageBeforeHasGoneAltogether(TaskState state) {
		fill(state, 10);
		List<String> read = read(state, Paging.first(15), (page) -> {
			try (Jedis jedis = jedis()) {
				page.items().forEach((task) -> jedis.zrem(key(state), task.id()));
			}
		});
		assertThat(read).isEqualTo(ids(0, TASKS));
	}

	@Test
	void positionSurvivesATripThroughTheBrowser() {
		fill(TaskState.RETRY, 10);
		Paging next = list(TaskState.RETRY, Paging.first(7)).next();
		Paging back = new Paging(next.size(), next.offset(), next.after());
		assertThat(list(TaskState.RETRY, back).items()).extracting(TaskDetails::id).isEqualTo(ids(7, 14));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "x:y", ":y", "nan:y", "1" })
	void positionOfSomethingElseIsRefused(String position) {
		fill(TaskState.RETRY, 10);
		assertThatIllegalArgumentException().isThrownBy(() -> list(TaskState.RETRY, new Paging(10, 0, position)))
			.withMessageContaining("'" + position + "'");
		assertThatIllegalArgumentException().isThrownBy(() -> list(TaskState.PENDING, new Paging(10, 0, "1:id00")));
	}

	@Test
	void pagesHaveLimits() {
		assertThatIllegalArgumentException().isThrownBy(() -> Paging.first(0)).withMessageContaining("1 to 200: 0");
		assertThatIllegalArgumentException().isThrownBy(() -> Paging.first(201)).withMessageContaining("1 to 200: 201");
		assertThatIllegalArgumentException().isThrownBy(() -> Paging.page(0, 10)).withMessageContaining("number");
		assertThatIllegalArgumentException().isThrownBy(() -> new Paging(1, -1, null)).withMessageContaining("offset");
		assertThatIllegalArgumentException().isThrownBy(() -> new Paging(1, 1, "1:a")).withMessageContaining("exclude");
		assertThat(Paging.first(200).size()).isEqualTo(Paging.LARGEST);
	}

	/** Reads all pages, doing something after each. */
	private List<String> read(TaskState state, Paging first, Consumer<Listing<TaskDetails>> afterEach) {
		List<String> read = new ArrayList<>();
		for (Paging paging = first; paging != null;) {
			Listing<TaskDetails> page = list(state, paging);
			page.items().forEach((task) -> read.add(task.id()));
			afterEach.accept(page);
			paging = page.next();
		}
		return read;
	}

	private Listing<TaskDetails> list(TaskState state, Paging paging) {
		return (state == TaskState.AGGREGATING) ? this.inspector.groupTasks(this.queue, "g", paging)
				: this.inspector.tasks(this.queue, state, paging);
	}

	/** Fills the state, the first task first, some of them with the same score. */
	private void fill(TaskState state, int alike) {
		given(state().registered());
		try (Jedis jedis = jedis()) {
			for (int i = 0; i < TASKS; i++) {
				String id = id(i);
				jedis.hset(this.prefix + "t:" + id, "state", state.wireName());
				if (state == TaskState.PENDING || state == TaskState.ACTIVE) {
					jedis.lpush(key(state), id);
				}
				else {
					jedis.zadd(key(state), (double) NOW_S + Math.floorDiv(i, alike), id);
				}
			}
		}
	}

	private String key(TaskState state) {
		return this.prefix + ((state == TaskState.AGGREGATING) ? "g:g" : state.wireName());
	}

	private static List<String> ids(int from, int to) {
		return IntStream.range(from, to).mapToObj(PagingContract::id).toList();
	}

	private static String id(int number) {
		return "id%02d".formatted(number);
	}

}
