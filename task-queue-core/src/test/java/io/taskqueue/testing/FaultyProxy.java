package io.taskqueue.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import static org.awaitility.Awaitility.await;

/**
 * Stands between a driver and Redis and loses replies: the request is executed, its
 * sender never hears of it. What can be lost are the answers of the scripts that move
 * tasks, named by their verbs (enqueue, fetch, complete, retry, archive, release). Or
 * refuses, in Redis's place, whatever is asked.
 * <p>
 * A script is known by its digest once its source has come by. So let nobody else talk to
 * a freshly flushed Redis.
 */
public final class FaultyProxy implements AutoCloseable {

	/** What the sender sees in place of the reply. */
	public enum Fault {

		/** Its connection ends. */
		CLOSE,
		/**
		 * Nothing, and nothing any more on this connection, though what it sends is
		 * executed.
		 */
		SILENCE

	}

	/** The command and what is evaluated. */
	private static final int WORDS = 2;

	/** What Redis answers in whatever state it is. */
	private static final Set<String> ALWAYS_ANSWERED = Set.of("HELLO", "AUTH", "CLIENT", "SELECT", "INFO", "CLUSTER",
			"COMMAND", "SUBSCRIBE", "UNSUBSCRIBE", "QUIT");

	private static final byte[] HARMLESS = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final String REFUSED = "refused";

	private final Fault fault;

	private final List<ServerSocket> entries = new ArrayList<>();

	private final Set<Line> lines = ConcurrentHashMap.newKeySet();

	private final Map<String, AtomicInteger> executed = new ConcurrentHashMap<>();

	private final AtomicInteger lost = new AtomicInteger();

	private volatile Predicate<String> judge = (verb) -> false;

	/** What is answered while refusing. */
	private volatile String error = "";

	private volatile boolean refusing;

	/** Opens a proxy that loses nothing yet. */
	public FaultyProxy(TestRedis redis, Fault fault) {
		this.fault = fault;
		open(redis, 0);
	}

	/**
	 * Opens a proxy before each node of a cluster, at the port that the node announces.
	 */
	public FaultyProxy(TestCluster cluster, Fault fault) {
		this.fault = fault;
		cluster.nodes().forEach((node) -> open(node, cluster.announcedPort(node)));
	}

	private void open(TestRedis redis, int port) {
		// One that was closed just now may still hold the port
		ServerSocket entry = await().ignoreException(UncheckedIOException.class)
			.until(() -> listen(port), (opened) -> true);
		this.entries.add(entry);
		start("proxy", () -> accept(entry, redis));
	}

	private static ServerSocket listen(int port) {
		try {
			return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the loopback port to connect to. */
	public int port() {
		return this.entries.get(0).getLocalPort();
	}

	/**
	 * From now on loses the replies that a judge chooses.
	 * @param judge is given the verb of each script that was executed; may block to hold
	 * its reply back
	 */
	public void lose(Predicate<String> judge) {
		this.judge = judge;
	}

	/** Loses the next reply of a verb and no other. */
	public void loseNext(String verb) {
		AtomicBoolean armed = new AtomicBoolean(true);
		lose((executed) -> executed.equals(verb) && armed.compareAndSet(true, false));
	}

	/**
	 * From now on executes nothing and answers with an error, as a Redis does that is in
	 * a state in which it cannot serve.
	 * @param error the error, which begins with its code
	 */
	public void refuse(String error) {
		this.error = error;
		this.refusing = true;
	}

	/** Executes again. */
	public void serve() {
		this.refusing = false;
	}

	/** Returns how many requests were refused. */
	public int refused() {
		return count(REFUSED).get();
	}

	/** Returns how often a verb was executed, repeats included. */
	public int executed(String verb) {
		return count(verb).get();
	}

	/** Returns how many replies were lost. */
	public int lost() {
		return this.lost.get();
	}

	/**
	 * Ends all connections.
	 * @throws IllegalStateException when a script was executed whose source never came by
	 */
	@Override
	public void close() {
		this.entries.forEach(FaultyProxy::closeQuietly);
		this.lines.forEach(Line::close);
		if (executed(ScriptVerbs.UNKNOWN) > 0) {
			throw new IllegalStateException("somebody has loaded scripts past the proxy");
		}
	}

	private AtomicInteger count(String verb) {
		return this.executed.computeIfAbsent(verb, (name) -> new AtomicInteger());
	}

	private void accept(ServerSocket entry, TestRedis redis) throws IOException {
		while (true) {
			Line line = new Line(entry.accept(), new Socket(redis.host(), redis.port()));
			this.lines.add(line);
			start("proxy-requests", line::forwardRequests);
			start("proxy-replies", line::forwardReplies);
		}
	}

	private static void start(String name, Forwarding forwarding) {
		Thread thread = new Thread(() -> {
			try {
				forwarding.run();
			}
			catch (IOException ex) {
				// One of both sides has gone
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
	}

	private static void closeQuietly(AutoCloseable open) {
		try {
			open.close();
		}
		catch (Exception ex) {
			// It is gone either way
		}
	}

	/** A task of a thread. */
	@FunctionalInterface
	private interface Forwarding {

		void run() throws IOException;

	}

	/** A driver's connection and ours to Redis. */
	private final class Line {

		private final Socket client;

		private final Socket server;

		/** The verbs whose replies are to come, in their order. */
		private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

		/** Replies no longer belong to requests. */
		private volatile boolean subscribed;

		private boolean silent;

		Line(Socket client, Socket server) throws IOException {
			this.client = client;
			this.server = server;
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
		}

		void forwardRequests() throws IOException {
			try {
				Resp requests = new Resp(this.client.getInputStream(), WORDS);
				OutputStream out = this.server.getOutputStream();
				for (byte[] request = requests.read(); request != null; request = requests.read()) {
					String command = requests.word(0);
					this.subscribed |= command.equalsIgnoreCase("SUBSCRIBE");
					boolean refused = !this.subscribed && isRefused(command);
					this.unanswered.add(refused ? REFUSED : ScriptVerbs.of(command, requests.word(1)));
					out.write(refused ? HARMLESS : request);
				}
			}
			finally {
				close();
			}
		}

		void forwardReplies() throws IOException {
			try {
				Resp replies = new Resp(this.server.getInputStream(), WORDS);
				OutputStream out = this.client.getOutputStream();
				for (byte[] reply = replies.read(); reply != null; reply = replies.read()) {
					boolean answer = !this.subscribed && reply[0] != '>';
					String verb = answer ? this.unanswered.remove() : ScriptVerbs.OTHER;
					if (isLost(verb, reply)) {
						FaultyProxy.this.lost.incrementAndGet();
						if (FaultyProxy.this.fault == Fault.CLOSE) {
							return;
						}
						this.silent = true;
					}
					if (!this.silent) {
						out.write(verb.equals(REFUSED) ? refusal() : reply);
					}
				}
			}
			finally {
				close();
			}
		}

		private boolean isRefused(String command) {
			boolean refused = FaultyProxy.this.refusing && !ALWAYS_ANSWERED.contains(command.toUpperCase(Locale.ROOT));
			if (refused) {
				count(REFUSED).incrementAndGet();
			}
			return refused;
		}

		private byte[] refusal() {
			return ("-" + FaultyProxy.this.error + "\r\n").getBytes(StandardCharsets.US_ASCII);
		}

		private boolean isLost(String verb, byte[] reply) {
			if (verb.equals(ScriptVerbs.OTHER) || verb.equals(REFUSED) || reply[0] == '-') {
				return false;
			}
			count(verb).incrementAndGet();
			return !this.silent && FaultyProxy.this.judge.test(verb);
		}

		void close() {
			closeQuietly(this.client);
			closeQuietly(this.server);
			FaultyProxy.this.lines.remove(this);
		}

	}

}
