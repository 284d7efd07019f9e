package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;

import io.taskqueue.broker.ScheduleBoard;
import io.taskqueue.wire.GoOptions;
import io.taskqueue.wire.SchedulerEntry;

/**
 * Shows the leader's plans to asynq's tools, and notes what was fired.
 */
final class Board {

	/** asynq's interval. */
	private static final Duration INTERVAL = Duration.ofSeconds(10);

	/** How many notes are written before the leader looks at its ticks again. */
	private static final int NOTES = 100;

	/** Notes beyond are lost, which only the history shows. */
	private static final int NOTES_WAITING = 20_000;

	private final ScheduleBoard board;

	private final String node;

	private final EntryIds entryIds;

	private final Queue<Note> notes = new ArrayDeque<>();

	/** Whether what is shown is out of date. */
	private boolean changed = true;

	private long showAt = System.nanoTime();

	Board(ScheduleBoard board, String node, EntryIds entryIds) {
		this.board = board;
		this.node = node;
		this.entryIds = entryIds;
	}

	void changed() {
		this.changed = true;
	}

	void fired(String uuid, String id, long second) {
		this.changed = true;
		if (this.notes.size() < NOTES_WAITING) {
			this.notes.add(new Note(uuid, id, second));
		}
	}

	/**
	 * Does what is due.
	 * @return how long to wait
	 */
	Duration round(Collection<Plan> plans) {
		for (int count = 0; count < NOTES && !this.notes.isEmpty(); count++) {
			Note note = this.notes.remove();
			this.board.note(this.entryIds.of(note.uuid()), this.entryIds.event(note.id(), note.second()));
		}
		if (this.showAt - System.nanoTime() <= 0) {
			show(plans);
			this.showAt = System.nanoTime() + INTERVAL.toNanos();
		}
		return this.notes.isEmpty() ? Duration.ofNanos(Math.max(0, this.showAt - System.nanoTime())) : Duration.ZERO;
	}

	private void show(Collection<Plan> plans) {
		Duration lasts = INTERVAL.multipliedBy(2);
		if (!this.changed) {
			this.board.prolong(this.node, lasts);
			return;
		}
		this.changed = false;
		List<SchedulerEntry> entries = new ArrayList<>();
		for (Plan plan : plans) {
			Instant previous = (plan.fired() > plan.task().since()) ? Instant.ofEpochSecond(plan.fired()) : null;
			entries.add(new SchedulerEntry(this.entryIds.of(plan.uuid()), plan.task().shown(), plan.message().type(),
					plan.message().payload(), GoOptions.of(plan.message()), plan.next(), previous));
		}
		this.board.show(this.node, entries, lasts);
	}

	void clear() {
		this.board.clear(this.node);
	}

	private record Note(String uuid, String id, long second) {
	}

}
