package io.taskqueue.client;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskRequest;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;

/**
 * Enqueues the tasks of one bulk call: all are checked, then each queue's are sent in
 * their order, one batch after another.
 */
final class BulkEnqueue {

	private final TaskEncoder encoder;

	private final BatchSender sender;

	private final Clock clock;

	private final EnqueueResult[] results;

	BulkEnqueue(TaskEncoder encoder, BatchSender sender, Clock clock, int size) {
		this.encoder = encoder;
		this.sender = sender;
		this.clock = clock;
		this.results = new EnqueueResult[size];
	}

	List<EnqueueResult> run(List<TaskRequest> requests) {
		return send(encode(requests));
	}

	/** Sends tasks that were checked before. */
	List<EnqueueResult> send(List<EncodedTask> tasks) {
		List<Entry> entries = new ArrayList<>(tasks.size());
		tasks.forEach((task) -> entries.add(new Entry(entries.size(), task)));
		return send(entries.stream());
	}

	private List<EnqueueResult> send(Stream<Entry> checked) {
		Map<String, List<Entry>> queues = checked
			.collect(Collectors.groupingBy((entry) -> entry.task().queue(), LinkedHashMap::new, Collectors.toList()));
		Lane lane = this.sender.borrowLane();
		queues.forEach((queue, entries) -> sendAll(queue, lane, entries));
		this.sender.giveBack(lane);
		return Collections.unmodifiableList(Arrays.asList(this.results));
	}

	private Stream<Entry> encode(List<TaskRequest> requests) {
		List<Entry> entries = new ArrayList<>(requests.size());
		for (int index = 0; index < requests.size(); index++) {
			try {
				entries.add(new Entry(index, this.encoder.encode(requests.get(index))));
			}
			catch (InvalidTaskException ex) {
				this.results[index] = new EnqueueResult(Enqueued.INVALID, null, ex);
			}
		}
		return entries.stream();
	}

	/**
	 * Once a batch has used up its time without a confirmation, the rest of the queue is
	 * not tried: a thousand batches would wait a thousand times.
	 */
	private void sendAll(String queue, Lane lane, List<Entry> entries) {
		boolean confirmed = true;
		int start = 0;
		while (start < entries.size()) {
			List<Entry> batch = entries.subList(start, end(entries, start));
			if (confirmed) {
				confirmed = send(queue, lane, batch);
			}
			else {
				fail(batch, (command) -> this.sender.notSent(queue, command.id()));
			}
			start += batch.size();
		}
	}

	private int end(List<Entry> entries, int start) {
		int end = start;
		long bytes = 0;
		while (end < entries.size() && this.sender.fits(end - start, bytes, entries.get(end).command())) {
			bytes += BatchSender.size(entries.get(end).command());
			end++;
		}
		return end;
	}

	private boolean send(String queue, Lane lane, List<Entry> batch) {
		List<Command> commands = batch.stream().map(Entry::command).toList();
		try {
			List<Answer> answers = this.sender.send(queue, lane.next(), commands, this.sender.deadline());
			for (int index = 0; index < batch.size(); index++) {
				Entry entry = batch.get(index);
				this.results[entry.index()] = entry.task().result(answers.get(index), this.clock.instant());
			}
			return true;
		}
		catch (TaskQueueRefusedException ex) {
			fail(batch, (command) -> this.sender.refused(queue, command.id(), ex));
			return true;
		}
		catch (RuntimeException ex) {
			fail(batch, (command) -> this.sender.unknown(queue, command.id(), ex));
			return false;
		}
	}

	private void fail(List<Entry> batch, Function<Command, TaskQueueException> error) {
		for (Entry entry : batch) {
			this.results[entry.index()] = new EnqueueResult(Enqueued.UNKNOWN, null, error.apply(entry.command()));
		}
	}

	/**
	 * A task and the place of its request in the call.
	 */
	private record Entry(int index, EncodedTask task) {

		Command command() {
			return this.task.command();
		}

	}

}
