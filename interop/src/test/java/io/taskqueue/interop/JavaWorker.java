package io.taskqueue.interop;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A worker of ours in a JVM of its own, which can be killed.
 */
final class JavaWorker extends WorkerProcess {

	/**
	 * Starts a worker and returns when it works.
	 * @param redis host and port
	 * @param queues the queues with their weights
	 * @param concurrency how many handlers run at once
	 */
	JavaWorker(String redis, Map<String, Integer> queues, int concurrency) {
		super(start(redis, JsonMapper.shared().writeValueAsString(new Config(queues, concurrency))));
	}

	/**
	 * Works until its input ends.
	 * @param arguments host and port of Redis, the configuration
	 */
	public static void main(String... arguments) throws IOException {
		PrintStream events = System.out;
		// What is logged is not for the parent to read
		System.setOut(System.err);
		Config config = JsonMapper.shared().readValue(arguments[1], Config.class);
		String[] address = arguments[0].split(":");
		try (JavaService service = new JavaService(address[0], Integer.parseInt(address[1]))) {
			service.listen((event, id, error) -> say(events, event, id, error));
			service.work(JavaService.options().withQueues(config.queues()).withConcurrency(config.concurrency()));
			say(events, "ready", "", null);
			while (System.in.read() >= 0) {
				// Until the parent closes it
			}
		}
	}

	private static void say(PrintStream events, String event, String id, @Nullable Exception error) {
		Map<String, String> line = new HashMap<>(Map.of("event", event, "id", id));
		if (error != null) {
			line.put("error", String.valueOf(error.getMessage()));
		}
		events.println(JsonMapper.shared().writeValueAsString(line));
		events.flush();
	}

	private static Process start(String redis, String config) {
		try {
			return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
					System.getProperty("java.class.path"), "-Dstdout.encoding=" + StandardCharsets.UTF_8,
					JavaWorker.class.getName(), redis, config)
				.redirectError(Redirect.appendTo(Path.of("target", "java-worker.log").toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record Config(Map<String, Integer> queues, int concurrency) {
	}

}
