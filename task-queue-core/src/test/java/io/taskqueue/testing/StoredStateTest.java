package io.taskqueue.testing;

import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * That the words of the storage's tests see every difference.
 */
class StoredStateTest extends StorageContract {

	StoredStateTest() {
		super(Storage.JEDIS);
	}

	@Test
	void whatIsWrittenIsExpected() {
		given(everything());
		expect(everything());
		assertThat(dump().asynq()).containsEntry("asynq:{" + this.queue + "}:t:a msg",
				"t(p) id=a queue=" + this.queue + " retry=25 timeout=1800");
		assertThat(dump().ours().keySet()).containsExactly("asynq:{" + this.queue + "}:t:a tq:owner",
				"asynq:{" + this.queue + "}:tq:due", "asynq:{" + this.queue + "}:tq:next a");
	}

	@Test
	void everyDifferenceIsSeen() {
		differs(everything().list("pending", "b", "a"), ":pending = list [a, b]");
		differs(everything().set("groups", "g"), ":groups = set [g, h]");
		differs(everything().zset("lease", "a", 2), ":lease = zset [a, 1]");
		differs(everything().zset("tq:due", "a", 2), ":tq:due = zset [a, 1]");
		differs(everything().text("paused", 2), ":paused = string 1");
		differs(everything().task(message("a"), "active"), ":t:a tq:owner = " + OWNER);
		differs(everything().task(task("a").payload("x").message(), "active", "tq:owner", OWNER), ":t:a msg = t(p)");
		differs(everything().lock(lockKey("x"), "a", 50), ":unique:t:x (expires) = 60");
		differs(everything().counters(2, 1), ":processed = string 1");
		differs(everything().without("lease"), ":lease = zset [a, 1]");
		differs(everything().next("a", message("b"), 0, 0, "", 0), ":tq:next a = ");
		differs(everything().text("more", "x"), ":more = string x");
	}

	@Test
	void recordsAreComparedByTheirBytes() {
		given(state().hash("t:a", "msg", "no record"));
		assertThat(dump().asynq()).containsEntry("asynq:{" + this.queue + "}:t:a msg", "0x6e6f207265636f7264");
	}

	@Test
	void answersMustExpireWithinAMinute() {
		try (Jedis jedis = jedis()) {
			String reply = "asynq:{" + this.queue + "}:tq:reply:lane:fetch";
			jedis.set(reply, "x", new SetParams().ex(60));
			expect(state());
			jedis.set(reply, "x", new SetParams().ex(62));
			assertThatExceptionOfType(AssertionError.class).isThrownBy(this::dump).withMessageContaining(reply);
			jedis.set(reply, "x");
			assertThatExceptionOfType(AssertionError.class).isThrownBy(this::dump).withMessageContaining(reply);
		}
	}

	private void differs(StoredState expected, String line) {
		given(everything());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> expect(expected)).withMessageContaining(line);
	}

	private StoredState everything() {
		return state().registered()
			.list("pending", "a", "b")
			.set("groups", "g", "h")
			.zset("lease", "a", 1)
			.zset("tq:due", "a", 1)
			.text("paused", 1)
			.task(message("a"), "active", "tq:owner", OWNER)
			.lock(lockKey("x"), "a", 60)
			.counters(1, 1)
			.next("a", message("a"), 0, 0, "", 0);
	}

}
