package io.taskqueue.wire;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The protobuf forms of {@link SchedulerEntry} and {@link SchedulerEnqueueEvent}.
 */
final class SchedulerCodec {

	/** Go's zero time. A time left out would be shown as 1970. */
	private static final Instant NEVER = Instant.ofEpochSecond(-62_135_596_800L);

	private static final byte[] NO_PAYLOAD = {};

	private SchedulerCodec() {
	}

	static byte[] encode(SchedulerEntry entry) {
		RecordWriter out = new RecordWriter(entry.taskPayload().length + 128).text(1, entry.id())
			.text(2, entry.spec())
			.text(3, entry.taskType())
			.bytes(4, entry.taskPayload());
		for (String option : entry.enqueueOptions()) {
			out.text(5, option);
		}
		return out.time(6, orNever(entry.next())).time(7, orNever(entry.previous())).toBytes();
	}

	static SchedulerEntry decodeEntry(byte[] bytes) {
		RecordReader in = new RecordReader(bytes, "SchedulerEntry");
		String id = "";
		String spec = "";
		String type = "";
		byte[] payload = NO_PAYLOAD;
		List<String> options = new ArrayList<>();
		Instant next = null;
		Instant previous = null;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> id = in.text();
				case 2 -> spec = in.text();
				case 3 -> type = in.text();
				case 4 -> payload = in.bytes();
				case 5 -> options.add(in.text());
				case 6 -> next = unlessNever(in.time());
				case 7 -> previous = unlessNever(in.time());
				default -> in.skip();
			}
		}
		return new SchedulerEntry(id, spec, type, payload, options, next, previous);
	}

	static byte[] encode(SchedulerEnqueueEvent event) {
		return new RecordWriter(64).text(1, event.taskId()).time(2, event.enqueueTime()).toBytes();
	}

	static SchedulerEnqueueEvent decodeEvent(byte[] bytes) {
		RecordReader in = new RecordReader(bytes, "SchedulerEnqueueEvent");
		String taskId = "";
		Instant enqueueTime = Instant.EPOCH;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> taskId = in.text();
				case 2 -> enqueueTime = in.time();
				default -> in.skip();
			}
		}
		return new SchedulerEnqueueEvent(taskId, enqueueTime);
	}

	private static Instant orNever(@Nullable Instant time) {
		return (time != null) ? time : NEVER;
	}

	private static @Nullable Instant unlessNever(Instant time) {
		return time.equals(NEVER) ? null : time;
	}

}
