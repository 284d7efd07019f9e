package io.taskqueue.client;

import java.util.ArrayList;
import java.util.List;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;

/**
 * What a leader sends at once. Belongs to whoever leads the group.
 */
final class GroupBatch {

	private final BatchId id;

	private final List<GroupMember> members = new ArrayList<>();

	private long bytes;

	private boolean handedOn;

	GroupBatch(BatchId id) {
		this.id = id;
	}

	BatchId id() {
		return this.id;
	}

	List<GroupMember> members() {
		return this.members;
	}

	long bytes() {
		return this.bytes;
	}

	void add(GroupMember member) {
		this.members.add(member);
		this.bytes += BatchSender.size(member.command);
	}

	List<Command> commands() {
		if (this.members.size() == 1) {
			return List.of(this.members.get(0).command);
		}
		return this.members.stream().map((member) -> member.command).toList();
	}

	void answered(List<Answer> answers) {
		for (int index = 0; index < answers.size(); index++) {
			this.members.get(index).answered(answers.get(index));
		}
	}

	/** The leader could not learn what became of it. */
	void handOn() {
		this.handedOn = true;
	}

	void failed(RuntimeException failure) {
		// An earlier leader's attempt may have been executed all the same
		boolean refused = failure instanceof TaskQueueRefusedException && !this.handedOn;
		GroupMember.State end = refused ? GroupMember.State.REFUSED : GroupMember.State.UNKNOWN;
		this.members.forEach((member) -> member.failed(end, failure));
	}

}
