package io.taskqueue.inspect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.taskqueue.broker.SnapshotBroker;
import io.taskqueue.wire.SchedulerEnqueueEvent;
import io.taskqueue.wire.SchedulerEntry;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;
import org.jspecify.annotations.Nullable;

/**
 * Reads what processes report of themselves, leaving out what cannot be read.
 */
final class FleetReader {

	private final SnapshotBroker broker;

	FleetReader(SnapshotBroker broker) {
		this.broker = broker;
	}

	List<ServerDetails> servers() {
		return this.broker.servers()
			.stream()
			.map(FleetReader::server)
			.filter(Objects::nonNull)
			.sorted(Comparator.comparing(ServerDetails::token))
			.toList();
	}

	private static @Nullable ServerDetails server(SnapshotBroker.Server records) {
		ServerInfo server = decode(records.server(), ServerInfo::decode);
		if (server == null) {
			return null;
		}
		List<RunningTask> running = records.workers()
			.stream()
			.map((worker) -> decode(worker, WorkerInfo::decode))
			.filter(Objects::nonNull)
			.map((worker) -> new RunningTask(worker.queue(), worker.taskId(), worker.taskType(), worker.taskPayload(),
					worker.startTime(), worker.deadline()))
			.sorted(Comparator.comparing(RunningTask::startedAt))
			.toList();
		return new ServerDetails(server.host(), server.pid(), server.serverId(), server.concurrency(),
				Collections.unmodifiableMap(server.queues()), server.strictPriority(), server.status(),
				server.startTime(), server.activeWorkerCount(), running);
	}

	List<SchedulerEntryDetails> schedulerEntries() {
		List<SchedulerEntryDetails> entries = new ArrayList<>();
		this.broker.schedulerEntries().forEach((scheduler, records) -> {
			for (byte[] bytes : records) {
				SchedulerEntry entry = decode(bytes, SchedulerEntry::decode);
				if (entry != null) {
					entries.add(new SchedulerEntryDetails(entry.id(), scheduler, entry.spec(), entry.taskType(),
							entry.taskPayload(), List.copyOf(entry.enqueueOptions()), entry.next(), entry.previous()));
				}
			}
		});
		entries.sort(Comparator.comparing(SchedulerEntryDetails::id));
		return List.copyOf(entries);
	}

	Listing<EnqueueEvent> enqueueEvents(String entryId, Paging paging) {
		if (paging.after() != null) {
			throw new IllegalArgumentException("Occurrences are counted off: use an offset");
		}
		SnapshotBroker.Events events = this.broker.events(entryId, paging.offset(), paging.size());
		List<EnqueueEvent> items = events.records()
			.stream()
			.map((bytes) -> decode(bytes, SchedulerEnqueueEvent::decode))
			.filter(Objects::nonNull)
			.map((event) -> new EnqueueEvent(event.taskId(), event.enqueueTime()))
			.toList();
		int read = events.records().size();
		boolean more = read > 0 && paging.offset() + read < events.total();
		return new Listing<>(items, events.total(), more ? paging.skip(read) : null);
	}

	private static <T> @Nullable T decode(byte[] bytes, Function<byte[], T> decoder) {
		try {
			return decoder.apply(bytes);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
