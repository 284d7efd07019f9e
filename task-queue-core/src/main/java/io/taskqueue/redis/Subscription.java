package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription that heals itself. Messages are hints: those sent while it is
 * interrupted are lost, and if subscribing is not allowed there are none; a failure is
 * logged once and tried again later.
 * <p>
 * One thread holds the connection. The other delivers messages, and publishes pings to a
 * channel that only this subscription hears: a connection on which they do not arrive is
 * dead, although nobody has said so, and is given up.
 */
final class Subscription implements AutoCloseable {

	/** Messages that wait for a slow callback; further ones are dropped. */
	private static final int BACKLOG = 10_000;

	private static final byte[] PING = { '.' };

	private static final Duration END = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(Subscription.class);

	private record Message(byte[] channel, byte[] body) {
	}

	private final Link link;

	private final RedisPort publisher;

	private final List<byte[]> channels;

	private final byte[] pingChannel;

	private final BiConsumer<byte[], byte[]> callback;

	private final Pace pace;

	private final Consumer<? super Subscription> whenClosed;

	private final BlockingQueue<Message> backlog = new ArrayBlockingQueue<>(BACKLOG);

	private final CountDownLatch closing = new CountDownLatch(1);

	private final Thread listener;

	private final Thread deliverer;

	private volatile @Nullable DedicatedConnection connection;

	/** When something has last been heard, by {@link System#nanoTime()}. */
	private volatile long heardAt = System.nanoTime();

	private volatile boolean dropping;

	/**
	 * Prepares a subscription.
	 * @param link for the connection to listen on
	 * @param publisher for pings
	 * @param channels the channels
	 * @param callback takes channel and message
	 * @param pace when things are done
	 * @param whenClosed told when closed
	 */
	Subscription(Link link, RedisPort publisher, List<byte[]> channels, BiConsumer<byte[], byte[]> callback, Pace pace,
			Consumer<? super Subscription> whenClosed) {
		this.link = link;
		this.publisher = publisher;
		this.pingChannel = ("taskqueue:ping:" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
		this.channels = new ArrayList<>(channels);
		this.channels.add(this.pingChannel);
		this.callback = callback;
		this.pace = pace;
		this.whenClosed = whenClosed;
		this.listener = thread("task-queue-subscription", this::listen);
		this.deliverer = thread("task-queue-messages", this::deliver);
	}

	private static Thread thread(String name, Runnable body) {
		Thread thread = new Thread(body, name);
		thread.setDaemon(true);
		return thread;
	}

	/** Starts; once. */
	void start() {
		this.listener.start();
		this.deliverer.start();
	}

	/** Ends within two seconds, unless the callback takes longer. */
	@Override
	public void close() {
		this.closing.countDown();
		giveUp();
		// Wakes it up; it looks at the latch next
		this.backlog.offer(new Message(this.pingChannel, PING));
		join(this.listener);
		join(this.deliverer);
		this.whenClosed.accept(this);
	}

	private boolean isClosing() {
		return this.closing.getCount() == 0;
	}

	private void listen() {
		int failures = 0;
		while (!isClosing()) {
			long openedAt = System.nanoTime();
			try {
				subscribe();
			}
			catch (RuntimeException ex) {
				failures = (this.heardAt - openedAt > 0) ? 0 : failures;
				report(ex, failures);
				this.link.failed(RedisErrors.kind(ex));
			}
			finally {
				giveUp();
			}
			failures++;
			pause(failures);
		}
	}

	private void subscribe() {
		DedicatedConnection opened = this.link.dedicate(this.channels.get(0));
		this.connection = opened;
		if (isClosing()) {
			return;
		}
		opened.subscribe(this.channels, this::arrived);
	}

	private void arrived(byte[] channel, byte[] message) {
		this.heardAt = System.nanoTime();
		if (Arrays.equals(channel, this.pingChannel)) {
			return;
		}
		if (this.backlog.offer(new Message(channel, message))) {
			this.dropping = false;
		}
		else if (!this.dropping) {
			this.dropping = true;
			logger.warn("Messages come faster than they are handled; some are dropped");
		}
	}

	private void giveUp() {
		DedicatedConnection open = this.connection;
		this.connection = null;
		if (open != null) {
			Quietly.close(open);
		}
	}

	private void report(RuntimeException failure, int failures) {
		if (isClosing()) {
			return;
		}
		TaskQueueException translated = RedisErrors.translate("SUBSCRIBE", this.link.address(), failure);
		if (failures == 0) {
			logger.warn("Not subscribed, trying again: {}", translated.getMessage());
		}
		else {
			logger.debug("Still not subscribed, trying again: {}", translated.getMessage());
		}
	}

	private void pause(int failures) {
		long longest = Math.min(this.pace.longestPause().toMillis(),
				this.pace.firstPause().toMillis() << Math.min(failures - 1, 20));
		long millis = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
		try {
			boolean over = this.closing.await(millis, TimeUnit.MILLISECONDS);
			logger.trace("Paused for {} ms, over: {}", millis, over);
		}
		catch (InterruptedException ex) {
			// Nobody interrupts this thread but to end it
			this.closing.countDown();
		}
	}

	private void deliver() {
		Pinging pinging = new Pinging();
		while (!isClosing()) {
			try {
				Message message = this.backlog.poll(pinging.nanosToNext(), TimeUnit.NANOSECONDS);
				if (message != null && message.channel() != this.pingChannel && !isClosing()) {
					this.callback.accept(message.channel(), message.body());
				}
				pinging.proceed();
			}
			catch (InterruptedException ex) {
				this.closing.countDown();
			}
			catch (RuntimeException ex) {
				logger.warn("A message was not handled", ex);
			}
		}
	}

	private static void join(Thread thread) {
		if (thread == Thread.currentThread()) {
			return;
		}
		try {
			thread.join(END.toMillis() / 2);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Publishes pings and looks for their arrival; used by the delivering thread. */
	private final class Pinging {

		private final long interval = Subscription.this.pace.ping().toNanos();

		private long next = System.nanoTime() + this.interval;

		private boolean allowed = true;

		/** The connection on which a ping is still to arrive, if any. */
		private @Nullable DedicatedConnection pending;

		private long pendingSince;

		long nanosToNext() {
			return this.next - System.nanoTime();
		}

		void proceed() {
			if (nanosToNext() > 0) {
				return;
			}
			long now = System.nanoTime();
			this.next = now + this.interval;
			DedicatedConnection current = Subscription.this.connection;
			if (this.pending != current || Subscription.this.heardAt - this.pendingSince > 0) {
				this.pending = null;
			}
			if (this.pending != null && now - this.pendingSince >= Subscription.this.pace.silence().toNanos()) {
				logger.debug("The subscription at {} is dead", Subscription.this.link.address());
				Quietly.close(this.pending);
			}
			else if (current != null && this.allowed && publish() && this.pending == null) {
				this.pending = current;
				this.pendingSince = now;
			}
		}

		private boolean publish() {
			try {
				Subscription.this.publisher.publish(Subscription.this.pingChannel, PING);
				return true;
			}
			catch (TaskQueueRefusedException ex) {
				this.allowed = false;
				logger.warn("A subscription that dies in silence will not be noticed: {}", ex.getMessage());
			}
			catch (TaskQueueException ex) {
				logger.debug("Not pinged: {}", ex.getMessage());
			}
			return false;
		}

	}

}
