package io.taskqueue.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The protobuf form of {@link TaskMessage}.
 */
final class TaskMessageCodec {

	private static final byte[] NO_PAYLOAD = {};

	private TaskMessageCodec() {
	}

	static byte[] encode(TaskMessage message) {
		RecordWriter out = new RecordWriter(message.payload().length + 128).text(1, message.type())
			.bytes(2, message.payload())
			.text(3, message.id())
			.text(4, message.queue())
			.number(5, message.retry())
			.number(6, message.retried())
			.text(7, message.errorMsg())
			.number(8, message.timeout())
			.number(9, message.deadline())
			.text(10, message.uniqueKey())
			.number(11, message.lastFailedAt())
			.number(12, message.retention())
			.number(13, message.completedAt())
			.text(14, message.groupKey());
		message.headers()
			.forEach((name, value) -> out.present(15, new RecordWriter(64).text(1, name).text(2, value).toBytes()));
		return out.toBytes();
	}

	static TaskMessage decode(byte[] bytes) {
		RecordReader in = new RecordReader(bytes, "TaskMessage");
		String type = "";
		byte[] payload = NO_PAYLOAD;
		String id = "";
		String queue = "";
		int retry = 0;
		int retried = 0;
		String errorMsg = "";
		long timeout = 0;
		long deadline = 0;
		String uniqueKey = "";
		long lastFailedAt = 0;
		long retention = 0;
		long completedAt = 0;
		String groupKey = "";
		Map<String, String> headers = Map.of();
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> type = in.text();
				case 2 -> payload = in.bytes();
				case 3 -> id = in.text();
				case 4 -> queue = in.text();
				case 5 -> retry = in.smallNumber();
				case 6 -> retried = in.smallNumber();
				case 7 -> errorMsg = in.text();
				case 8 -> timeout = in.number();
				case 9 -> deadline = in.number();
				case 10 -> uniqueKey = in.text();
				case 11 -> lastFailedAt = in.number();
				case 12 -> retention = in.number();
				case 13 -> completedAt = in.number();
				case 14 -> groupKey = in.text();
				case 15 -> headers = withEntry(headers, in.bytes());
				default -> in.skip();
			}
		}
		return new TaskMessage(type, payload, id, queue, retry, retried, errorMsg, timeout, deadline, uniqueKey,
				lastFailedAt, retention, completedAt, groupKey, headers);
	}

	private static Map<String, String> withEntry(Map<String, String> headers, byte[] entry) {
		Map<String, String> joined = headers.isEmpty() ? new LinkedHashMap<>() : headers;
		RecordReader in = new RecordReader(entry, "TaskMessage header");
		String name = "";
		String value = "";
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> name = in.text();
				case 2 -> value = in.text();
				default -> in.skip();
			}
		}
		joined.put(name, value);
		return joined;
	}

}
