package io.taskqueue.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import io.taskqueue.TaskQueueException;
import io.taskqueue.redis.Demand.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * All our connections to Redis: private factories derived from the application's, so that
 * long waits, scripts and the renewal of leases compete neither with the application nor
 * with each other. The application's own factory is never started, stopped or changed.
 */
final class RedisConnections implements AutoCloseable {

	/** Present where Jedis is. */
	static final String JEDIS = "redis.clients.jedis.UnifiedJedis";

	/** Present where Lettuce is. */
	static final String LETTUCE = "io.lettuce.core.RedisClient";

	/** Renewing, and a second call while one waits for its time-out. */
	private static final int LEASE_CONNECTIONS = 2;

	private static final Logger logger = LoggerFactory.getLogger(RedisConnections.class);

	private final Timeouts timeouts;

	private final Link scriptLink;

	private final Link leaseLink;

	private final Link waitLink;

	private final Link messageLink;

	private final RedisPort scripts;

	private final RedisPort leases;

	private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

	/**
	 * Derives the connections, but makes none yet.
	 * @param application the application's factory
	 * @param scripts how many scripts may run at a time (with Lettuce they share one
	 * connection)
	 * @param waits how many lists may be watched at a time
	 * @param timeouts how long Redis is waited for
	 */
	RedisConnections(RedisConnectionFactory application, int scripts, int waits, Timeouts timeouts) {
		this.timeouts = timeouts;
		this.scriptLink = derive(application, new Demand(Use.CALLS, scripts, timeouts));
		this.leaseLink = derive(application, new Demand(Use.CALLS, LEASE_CONNECTIONS, timeouts));
		this.waitLink = derive(application, new Demand(Use.WAITS, waits, timeouts));
		// The worker's and the scheduler's, and for each a second one while the first is
		// being given up
		this.messageLink = derive(application, new Demand(Use.MESSAGES, 4, timeouts));
		this.scripts = new RedisPort(this.scriptLink);
		this.leases = new RedisPort(this.leaseLink);
		if (this.scriptLink instanceof GivenLink) {
			logger.warn(
					"Connections of their own cannot be derived from {}. Task queues share those of the application: "
							+ "they need {} for waiting alone, and time-outs above {}",
					application.getClass().getName(), waits + 1, timeouts.answer());
		}
	}

	static Link derive(RedisConnectionFactory application, Demand demand) {
		ClassLoader classes = RedisConnections.class.getClassLoader();
		Optional<Link> link = Optional.empty();
		if (ClassUtils.isPresent(JEDIS, classes)) {
			link = JedisLink.derive(application, demand);
		}
		if (link.isEmpty() && ClassUtils.isPresent(LETTUCE, classes)) {
			link = LettuceLink.derive(application, demand);
		}
		return link.orElseGet(() -> new GivenLink(application, demand.timeouts()));
	}

	/**
	 * Starts; after {@link #close()} it may be started again. Standalone servers are
	 * connected to on first use; of Sentinel and Cluster, Jedis asks at once.
	 * @throws TaskQueueException if they cannot be reached; nothing is left behind then
	 */
	void start() {
		List<Link> started = new ArrayList<>();
		try {
			for (Link link : links()) {
				started.add(link);
				link.start();
			}
		}
		catch (RuntimeException ex) {
			started.forEach(Link::stop);
			throw RedisErrors.translate("connecting", this.scriptLink.address(), ex);
		}
	}

	/** For scripts and quick reads. */
	RedisPort scripts() {
		return this.scripts;
	}

	/** For renewing leases, beside all other traffic. */
	RedisPort leases() {
		return this.leases;
	}

	/**
	 * Watches a list. To be closed when no longer needed.
	 */
	PushWatch watch(byte[] list) {
		PushWatch watch = new PushWatch(this.waitLink, list, this.timeouts.block(), this.open::remove);
		this.open.add(watch);
		return watch;
	}

	/**
	 * Subscribes to channels, now and again after each interruption; messages sent
	 * meanwhile are lost.
	 * @param channels the channels
	 * @param callback takes channel and message, one at a time, on a thread of the
	 * subscription
	 */
	Subscription subscribe(List<byte[]> channels, BiConsumer<byte[], byte[]> callback) {
		Subscription subscription = new Subscription(this.messageLink, this.scripts, channels, callback,
				Pace.defaults(), this.open::remove);
		this.open.add(subscription);
		subscription.start();
		return subscription;
	}

	/** Ends all waits and subscriptions and closes all connections. */
	@Override
	public void close() {
		List.copyOf(this.open).forEach(Quietly::close);
		links().forEach(Link::stop);
	}

	private List<Link> links() {
		return List.of(this.scriptLink, this.leaseLink, this.waitLink, this.messageLink);
	}

}
