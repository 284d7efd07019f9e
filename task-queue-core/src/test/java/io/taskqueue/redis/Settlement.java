package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.broker.WorkBroker.Archival;
import io.taskqueue.broker.WorkBroker.Completion;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.broker.WorkBroker.Settled;
import io.taskqueue.testing.TestTask;

/**
 * The ways to settle a task, each in its plain form.
 */
enum Settlement {

	COMPLETE {
		@Override
		List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids) {
			return work.complete(queue, batch, owner,
					Arrays.stream(ids).map((id) -> new Completion(id, "", null, Instant.EPOCH, null)).toList());
		}
	},

	RETAIN {
		@Override
		List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids) {
			return work.complete(queue, batch, owner, Arrays.stream(ids)
				.map((id) -> new Completion(id, "", message(queue, id), AT, "r".getBytes(StandardCharsets.UTF_8)))
				.toList());
		}
	},

	RETRY {
		@Override
		List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids) {
			return work.retry(queue, batch, owner,
					Arrays.stream(ids).map((id) -> new Retry(id, message(queue, id), AT, true)).toList());
		}
	},

	ARCHIVE {
		@Override
		List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids) {
			return work.archive(queue, batch, owner,
					Arrays.stream(ids).map((id) -> new Archival(id, message(queue, id))).toList());
		}
	},

	RELEASE {
		@Override
		List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids) {
			return work.release(queue, batch, owner,
					Arrays.stream(ids).map((id) -> new Release(id, null, null)).toList());
		}
	},

	DEFER {
		@Override
		List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids) {
			return work.release(queue, batch, owner,
					Arrays.stream(ids).map((id) -> new Release(id, AT, null)).toList());
		}
	};

	private static final Instant AT = Instant.ofEpochSecond(4_000_000_000L);

	/** Settles tasks. */
	abstract List<Settled> settle(WorkBroker work, String queue, BatchId batch, String owner, String... ids);

	private static byte[] message(String queue, String id) {
		return new TestTask(queue, id).failed("settled", 1).message().encode();
	}

}
