package io.taskqueue.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.InMemoryEnqueueBroker.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class GroupCommitFailureTest extends GroupCommitScene {

	@Test
	void aRefusalReachesEveryMemberAndTheNextBatchGoesOn() throws Exception {
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		List<Caller> refused = List.of(caller("a", 10), caller("b", 10));
		this.broker.before((call) -> {
			throw new TaskQueueRefusedException("no permission", null);
		});
		this.gate.release();
		leader.succeeds();
		assertThat(refused.get(0).fails(TaskQueueRefusedException.class))
			.hasMessage("task \"a\" of queue \"q\" was not stored: no permission");
		assertThat(refused.get(1).fails(TaskQueueRefusedException.class))
			.hasMessage("task \"b\" of queue \"q\" was not stored: no permission");
		this.broker.before((call) -> {
		});
		this.group.enqueue(command("next"));
		assertThat(stored()).containsExactly("leader", "next");
	}

	@Test
	void aLostAnswerIsAskedForAgainUnderTheSameId() {
		AtomicInteger failures = new AtomicInteger(5);
		this.broker.after((call) -> {
			if (failures.getAndDecrement() > 0) {
				throw new TaskQueueUnavailableException("reply lost", null);
			}
		});
		assertThat(this.group.enqueue(command("a")).outcome()).isEqualTo(Enqueued.CREATED);
		assertThat(this.broker.calls()).hasSize(6);
		assertThat(this.broker.calls().stream().map(Call::batch).distinct()).hasSize(1);
	}

	@Test
	void aRefusalAfterALostAnswerLeavesTheTaskUnknown() throws Exception {
		this.broker.after((call) -> {
			this.broker.before((repeat) -> {
				throw new TaskQueueRefusedException("no permission", null);
			});
			throw new TaskQueueUnavailableException("reply lost", null);
		});
		Caller caller = caller("a", 10);
		assertThat(caller.fails(TaskQueueUnavailableException.class))
			.hasMessageStartingWith("it is unknown whether task \"a\" of queue \"q\" is stored")
			.hasRootCauseMessage("no permission");
		assertThat(stored()).containsExactly("a");
	}

	@Test
	void tellsWhatWasNotSentFromWhatIsUnknown() throws Exception {
		this.group = group(Duration.ofMillis(300));
		this.broker.before(this::pass);
		Caller first = caller("first", 10);
		arrive();
		// Follows the first one's batch, leads the next and gathers nobody
		Caller withdrawn = caller("withdrawn", 10);
		assertThat(withdrawn.fails(TaskQueueUnavailableException.class))
			.hasMessage("task \"withdrawn\" of queue \"q\" was not sent: those before it were not confirmed"
					+ " within PT0.3S");
		Caller second = caller("second", 10);
		Caller third = caller("third", 10);
		this.gate.release();
		first.succeeds();
		arrive();
		assertThat(third.fails(TaskQueueUnavailableException.class))
			.hasMessage("it is unknown whether task \"third\" of queue \"q\" is stored: Redis did not confirm it"
					+ " within PT0.3S; repeating it with the same id and OnConflict.KEEP is safe");
		this.gate.release(10);
		second.succeeds();
		assertThat(stored()).containsExactly("first", "second", "third");
	}

	@Test
	void anUnconfirmedBatchIsFencedByTheNext() {
		this.group = group(Duration.ofMillis(100));
		this.broker.before((call) -> {
			throw new TaskQueueUnavailableException("no route to host", null);
		});
		Caller late = caller("late", 10);
		assertThat(late.fails(TaskQueueUnavailableException.class)).hasRootCauseMessage("no route to host")
			.hasMessageStartingWith("it is unknown whether task \"late\" of queue \"q\" is stored");
		this.broker.before((call) -> {
		});
		Call lost = this.broker.calls().get(0);
		this.group.enqueue(command("next"));
		Caller network = new Caller(() -> this.broker.enqueue("q", lost.batch(), lost.commands()));
		network.fails(TaskQueueRefusedException.class);
		assertThat(stored()).containsExactly("next");
	}

	@Test
	void aBatchIsHandedOnToAMemberThatHasTimeLeft() throws Exception {
		this.group = group(Duration.ofMillis(800));
		this.broker.before(this::pass);
		Caller first = caller("first", 10);
		arrive();
		Caller older = caller("older", 10);
		pause(400);
		Caller younger = caller("younger", 10);
		// The first is answered; the older one leads the younger and meets an outage
		this.broker.before((call) -> {
			throw new TaskQueueUnavailableException("no route to host", null);
		});
		this.gate.release();
		first.succeeds();
		older.fails(TaskQueueUnavailableException.class);
		this.broker.before((call) -> {
		});
		younger.succeeds();
		List<Call> calls = this.broker.calls();
		assertThat(calls.stream().skip(1).map(Call::batch).distinct()).hasSize(1);
		assertThat(stored()).containsExactly("first", "older", "younger");
	}

	@Test
	void anErrorLeavesNobodyWithoutALeader() throws Exception {
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		Caller follower = caller("follower", 10);
		this.broker.after((call) -> {
			this.broker.after((next) -> {
			});
			throw new AssertionError("out of luck");
		});
		this.gate.release(2);
		assertThat(leader.fails(AssertionError.class)).hasMessage("out of luck");
		follower.succeeds();
		assertThat(stored()).containsExactly("leader", "follower");
	}

}
