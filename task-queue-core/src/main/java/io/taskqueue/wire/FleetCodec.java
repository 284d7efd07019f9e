package io.taskqueue.wire;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The protobuf forms of {@link ServerInfo} and {@link WorkerInfo}.
 */
final class FleetCodec {

	private static final byte[] NO_PAYLOAD = {};

	private FleetCodec() {
	}

	static byte[] encode(ServerInfo server) {
		RecordWriter out = new RecordWriter(128).text(1, server.host())
			.number(2, server.pid())
			.text(3, server.serverId())
			.number(4, server.concurrency());
		server.queues()
			.forEach(
					(queue, weight) -> out.present(5, new RecordWriter(32).text(1, queue).number(2, weight).toBytes()));
		return out.flag(6, server.strictPriority())
			.text(7, server.status())
			.time(8, server.startTime())
			.number(9, server.activeWorkerCount())
			.toBytes();
	}

	static ServerInfo decodeServer(byte[] bytes) {
		RecordReader in = new RecordReader(bytes, "ServerInfo");
		String host = "";
		int pid = 0;
		String serverId = "";
		int concurrency = 0;
		Map<String, Integer> queues = new LinkedHashMap<>();
		boolean strictPriority = false;
		String status = "";
		Instant startTime = Instant.EPOCH;
		int activeWorkerCount = 0;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> host = in.text();
				case 2 -> pid = in.smallNumber();
				case 3 -> serverId = in.text();
				case 4 -> concurrency = in.smallNumber();
				case 5 -> putWeight(queues, in.bytes());
				case 6 -> strictPriority = in.flag();
				case 7 -> status = in.text();
				case 8 -> startTime = in.time();
				case 9 -> activeWorkerCount = in.smallNumber();
				default -> in.skip();
			}
		}
		return new ServerInfo(host, pid, serverId, concurrency, queues, strictPriority, status, startTime,
				activeWorkerCount);
	}

	private static void putWeight(Map<String, Integer> queues, byte[] entry) {
		RecordReader in = new RecordReader(entry, "ServerInfo queue");
		String queue = "";
		int weight = 0;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> queue = in.text();
				case 2 -> weight = in.smallNumber();
				default -> in.skip();
			}
		}
		queues.put(queue, weight);
	}

	static byte[] encode(WorkerInfo worker) {
		return new RecordWriter(worker.taskPayload().length + 128).text(1, worker.host())
			.number(2, worker.pid())
			.text(3, worker.serverId())
			.text(4, worker.taskId())
			.text(5, worker.taskType())
			.bytes(6, worker.taskPayload())
			.text(7, worker.queue())
			.time(8, worker.startTime())
			.time(9, worker.deadline())
			.toBytes();
	}

	static WorkerInfo decodeWorker(byte[] bytes) {
		RecordReader in = new RecordReader(bytes, "WorkerInfo");
		String host = "";
		int pid = 0;
		String serverId = "";
		String taskId = "";
		String taskType = "";
		byte[] taskPayload = NO_PAYLOAD;
		String queue = "";
		Instant startTime = Instant.EPOCH;
		Instant deadline = Instant.EPOCH;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> host = in.text();
				case 2 -> pid = in.smallNumber();
				case 3 -> serverId = in.text();
				case 4 -> taskId = in.text();
				case 5 -> taskType = in.text();
				case 6 -> taskPayload = in.bytes();
				case 7 -> queue = in.text();
				case 8 -> startTime = in.time();
				case 9 -> deadline = in.time();
				default -> in.skip();
			}
		}
		return new WorkerInfo(host, pid, serverId, taskId, taskType, taskPayload, queue, startTime, deadline);
	}

}
