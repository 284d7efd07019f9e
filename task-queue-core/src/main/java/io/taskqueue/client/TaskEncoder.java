package io.taskqueue.client;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.taskqueue.InvalidTaskException;
import io.taskqueue.OnConflict;
import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * Checks requests and turns them into asynq's records. The one place that decides what
 * may be enqueued.
 */
public final class TaskEncoder {

	/** Seconds up to here fit every score, and every date that tools print. */
	private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

	private final PayloadCodec codec;

	private final Function<String, TaskOptions> defaultsForType;

	private final ClientOptions defaults;

	private final Clock clock;

	private final TaskIds ids = new TaskIds();

	/**
	 * Creates an encoder.
	 * @param codec writes payloads
	 * @param defaultsForType options for what a request leaves unset, by task type
	 * @param defaults limits, and what counts otherwise
	 * @param clock the clock
	 */
	public TaskEncoder(PayloadCodec codec, Function<String, TaskOptions> defaultsForType, ClientOptions defaults,
			Clock clock) {
		this.codec = codec;
		this.defaultsForType = defaultsForType;
		this.defaults = defaults;
		this.clock = clock;
	}

	/**
	 * Returns the record of a task that is enqueued by other means than the client's.
	 * @throws InvalidTaskException naming the argument, its value and the limit
	 */
	public TaskMessage message(TaskRequest request) {
		return encode(request).message();
	}

	/**
	 * Returns a request with its type's defaults, its queue and its id filled in, or as
	 * it is where its type is none.
	 */
	TaskRequest filledIn(TaskRequest request) {
		String type = request.type();
		if (type == null || type.isBlank()) {
			return request;
		}
		TaskOptions options = request.options().orElse(this.defaultsForType.apply(type));
		if (options.queue() == null) {
			options = options.withQueue(this.defaults.queue());
		}
		if (options.id() == null) {
			options = options.withId(this.ids.next());
		}
		return new TaskRequest(type, request.payload(), options);
	}

	/**
	 * Encodes a request.
	 * @throws InvalidTaskException naming the argument, its value and the limit
	 */
	EncodedTask encode(TaskRequest request) {
		return encode(request, null);
	}

	/**
	 * Encodes the request for a task that takes the place of others.
	 * @param queue their queue, of any name, in place of the one that is asked for
	 * @throws InvalidTaskException naming the argument, its value and the limit
	 */
	public Command command(TaskRequest request, String queue) {
		return encode(request, queue).command();
	}

	private EncodedTask encode(TaskRequest request, @Nullable String existingQueue) {
		String type = checkedType(request.type());
		TaskOptions options = request.options().orElse(this.defaultsForType.apply(type));
		String queue = (existingQueue != null) ? existingQueue
				: checkedQueue(Objects.requireNonNullElse(options.queue(), this.defaults.queue()));
		String id = (options.id() != null) ? checkedId(options.id()) : this.ids.next();
		Instant now = this.clock.instant();
		Instant processAt = processAt(options, now);
		int retry = checkedRetry(Objects.requireNonNullElse(options.retry(), this.defaults.retry()));
		long timeout = timeout(options);
		long deadline = deadline(options.deadline());
		long retention = wholeSeconds("retention",
				Objects.requireNonNullElse(options.retention(), this.defaults.retention()));
		long uniqueSeconds = uniqueSeconds(options, processAt, now);
		String group = (options.group() != null) ? checkedGroup(options.group()) : "";
		Map<String, String> headers = checkedHeaders(options.headers());
		byte[] payload = payload(type, request.payload());
		String uniqueKey = (uniqueSeconds != 0) ? uniqueKey(queue, request, options.uniqueKey(), payload) : "";
		TaskMessage message = new TaskMessage(type, payload, id, queue, retry, 0, "", timeout, deadline, uniqueKey, 0,
				retention, 0, group, headers);
		OnConflict onConflict = Objects.requireNonNullElse(options.onConflict(), OnConflict.FAIL);
		return new EncodedTask(message,
				new Command(id, message.encode(), processAt, onConflict, uniqueKey, uniqueSeconds, group));
	}

	private static String checkedType(@Nullable String type) {
		if (type == null || type.isBlank()) {
			throw new InvalidTaskException("type must not be blank, was " + quoted(type));
		}
		for (int index = 0; index < type.length(); index++) {
			if (Character.isISOControl(type.charAt(index))) {
				throw new InvalidTaskException(
						"type must not contain control characters, was " + quoted(type) + " (at index " + index + ')');
			}
		}
		return type;
	}

	private static String checkedQueue(String queue) {
		if (!QueueName.isValid(queue)) {
			throw new InvalidTaskException("queue must match " + QueueName.PATTERN + ", was " + quoted(queue));
		}
		return queue;
	}

	private static String checkedId(String id) {
		if (id.isBlank()) {
			throw new InvalidTaskException("id must not be blank, was " + quoted(id));
		}
		return id;
	}

	private static String checkedGroup(String group) {
		if (group.isBlank()) {
			throw new InvalidTaskException("group must not be blank, was " + quoted(group));
		}
		return group;
	}

	private static int checkedRetry(int retry) {
		if (retry < 0) {
			throw new InvalidTaskException("retry must not be negative, was " + retry);
		}
		return retry;
	}

	private static @Nullable Instant processAt(TaskOptions options, Instant now) {
		Instant at = options.at();
		Duration in = options.in();
		if (at != null && in != null) {
			throw new InvalidTaskException("at and in must not be given together, were " + at + " and " + in);
		}
		if (in != null) {
			at = now.plus(notTooLong("in", in.isNegative() ? Duration.ZERO : in));
		}
		if (at == null || !at.isAfter(now)) {
			return null;
		}
		// Nobody keeps more than milliseconds; up, so that the task is never early
		return notTooLate("at", at).plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
	}

	private long timeout(TaskOptions options) {
		if (options.timeout() != null) {
			return wholeSeconds("timeout", options.timeout());
		}
		return (options.deadline() != null) ? 0 : wholeSeconds("timeout", this.defaults.taskTimeout());
	}

	private static long deadline(@Nullable Instant deadline) {
		if (deadline == null) {
			return 0;
		}
		if (deadline.getEpochSecond() < 1) {
			// Zero is the record's word for no deadline
			throw new InvalidTaskException("deadline must be after 1970-01-01T00:00:00Z, was " + deadline);
		}
		return notTooLate("deadline", deadline).getEpochSecond();
	}

	private static long uniqueSeconds(TaskOptions options, @Nullable Instant processAt, Instant now) {
		Duration unique = options.unique();
		if (unique == null) {
			if (options.uniqueKey() != null) {
				throw new InvalidTaskException(
						"uniqueKey must come with unique, was " + quoted(options.uniqueKey()) + " alone");
			}
			return 0;
		}
		if (unique.toSeconds() < 1) {
			throw new InvalidTaskException("unique must be at least PT1S, was " + unique);
		}
		Duration lock = notTooLong("unique", unique);
		return (processAt != null) ? Duration.between(now, processAt.plus(lock)).toSeconds() : lock.toSeconds();
	}

	private Map<String, String> checkedHeaders(Map<String, String> headers) {
		long bytes = 0;
		for (Map.Entry<String, String> header : headers.entrySet()) {
			if (header.getKey().isBlank()) {
				throw new InvalidTaskException("header name must not be blank, was " + quoted(header.getKey()));
			}
			bytes += header.getKey().getBytes(StandardCharsets.UTF_8).length;
			bytes += header.getValue().getBytes(StandardCharsets.UTF_8).length;
		}
		if (bytes > this.defaults.maxHeaders()) {
			throw new InvalidTaskException(
					"headers must be at most " + this.defaults.maxHeaders() + " bytes in all, were " + bytes);
		}
		return headers;
	}

	private byte[] payload(String type, @Nullable Object payload) {
		byte[] bytes;
		try {
			bytes = this.codec.encode(payload);
		}
		catch (RuntimeException ex) {
			throw new InvalidTaskException("payload of type " + quoted(type) + " cannot be written: " + ex.getMessage(),
					ex);
		}
		if (bytes.length > this.defaults.maxPayload()) {
			throw new InvalidTaskException("payload of type " + quoted(type) + " must be at most "
					+ this.defaults.maxPayload() + " bytes, was " + bytes.length);
		}
		return bytes;
	}

	private static String uniqueKey(String queue, TaskRequest request, @Nullable String text, byte[] payload) {
		byte[] locked = (request.payload() != null) ? payload : null;
		if (text != null) {
			locked = text.getBytes(StandardCharsets.UTF_8);
		}
		return Keys.unique(queue, request.type(), locked);
	}

	/** Rounds up: half a second must not become no limit at all. */
	private static long wholeSeconds(String argument, Duration duration) {
		if (duration.isNegative()) {
			throw new InvalidTaskException(argument + " must not be negative, was " + duration);
		}
		return notTooLong(argument, duration).plusNanos(999_999_999).toSeconds();
	}

	private static Duration notTooLong(String argument, Duration duration) {
		if (duration.compareTo(ClientOptions.LONGEST) > 0) {
			throw new InvalidTaskException(
					argument + " must be at most " + ClientOptions.LONGEST + ", was " + duration);
		}
		return duration;
	}

	private static Instant notTooLate(String argument, Instant time) {
		if (time.isAfter(LATEST)) {
			throw new InvalidTaskException(argument + " must be at most " + LATEST + ", was " + time);
		}
		return time;
	}

	private static String quoted(@Nullable String text) {
		return (text != null) ? '"' + text.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?") + '"' : "null";
	}

}
