package io.taskqueue.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import redis.clients.jedis.Jedis;

import static org.awaitility.Awaitility.await;

/**
 * What a master and its replica have written since some moment, read from their
 * append-only files. The files are the same up to where replication ended; what follows
 * in the master's are the writes that were not replicated. Both servers need
 * {@code --aof-use-rdb-preamble no}.
 */
public final class ReplicationLog {

	/** Frames of transactions, which the two write differently. */
	private static final Set<String> FRAMES = Set.of("SELECT", "MULTI", "EXEC");

	private final List<Path> master;

	private final List<Path> replica;

	private final String mark = "mark-" + UUID.randomUUID();

	ReplicationLog(TestRedis master, TestRedis replica, String key) {
		this.master = keep(master);
		this.replica = keep(replica);
		try (Jedis jedis = master.jedis()) {
			jedis.set(key, this.mark);
			jedis.del(key);
		}
	}

	/** Returns the commands, in their order, each with its arguments. */
	public List<List<String>> notReplicated() {
		List<List<String>> written = afterMark(this.master);
		List<List<String>> arrived = afterMark(this.replica);
		int same = 0;
		while (same < written.size() && same < arrived.size()
				&& comparable(written.get(same)).equals(comparable(arrived.get(same)))) {
			same++;
		}
		return written.subList(same, written.size());
	}

	/** Each server works out by its own clock when a key expires. */
	private static List<String> comparable(List<String> command) {
		return switch (command.get(0)) {
			case "SET" -> command.subList(0, 3);
			case "EXPIRE", "PEXPIRE", "PEXPIREAT" -> List.of("EXPIRE", command.get(1));
			default -> command;
		};
	}

	private List<List<String>> afterMark(List<Path> files) {
		List<List<String>> commands = new ArrayList<>();
		boolean marked = false;
		for (Path file : files) {
			for (List<String> command : read(file)) {
				if (marked && !FRAMES.contains(command.get(0))) {
					commands.add(command);
				}
				marked |= command.contains(this.mark);
			}
		}
		if (!marked) {
			throw new IllegalStateException("The mark is not in " + files);
		}
		return commands;
	}

	private static List<List<String>> read(Path file) {
		List<List<String>> commands = new ArrayList<>();
		try (InputStream in = Files.newInputStream(file)) {
			Resp records = new Resp(in, Integer.MAX_VALUE);
			while (records.read() != null) {
				List<String> command = records.words();
				command.set(0, command.get(0).toUpperCase(Locale.ROOT));
				commands.add(command);
			}
			return commands;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Gives the files further names, under which they stay when a server that becomes a
	 * replica begins new ones.
	 */
	private static List<Path> keep(TestRedis redis) {
		try (Jedis jedis = redis.jedis()) {
			// A replica begins anew once it has got its master's data
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				String persistence = jedis.info("persistence");
				return persistence.contains("aof_enabled:1") && persistence.contains("aof_rewrite_in_progress:0")
						&& persistence.contains("aof_rewrite_scheduled:0");
			});
		}
		try (Stream<Path> files = Files.walk(redis.directory())) {
			Path kept = Files.createTempDirectory(redis.directory(), "kept");
			List<Path> links = new ArrayList<>();
			for (Path file : files.filter((path) -> path.toString().endsWith(".aof")).sorted().toList()) {
				links.add(Files.createLink(kept.resolve(file.getFileName()), file));
			}
			return links;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
