package io.taskqueue.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;

/**
 * Tells failures apart by what the caller can do about them. It looks at the whole chain
 * of causes for what Redis said (an error's first word) and for exceptions of Java and
 * Spring, because the drivers and Spring wrap the same failure in different ways.
 */
final class RedisErrors {

	/** What happened. */
	enum Kind {

		/** No connection could be made, or it broke. */
		UNREACHABLE,
		/** No answer in time. */
		TIMED_OUT,
		/** The server is, has become, or is about to become a replica. */
		NOT_MASTER,
		/** Redis answers but cannot serve at the moment. */
		BUSY,
		/** Redis refuses for good. */
		REFUSED

	}

	/** The first word of an error reply. */
	private enum Code {

		LOADING(Kind.BUSY, "it is loading its data"), BUSY(Kind.BUSY, "a script of someone is running for too long"),
		MASTERDOWN(Kind.NOT_MASTER, "it is a replica that has lost its master"),
		READONLY(Kind.NOT_MASTER, "it is a replica; connect to the master, or through Sentinel or Cluster"),
		UNBLOCKED(Kind.NOT_MASTER, "it has become a replica"),
		CLUSTERDOWN(Kind.BUSY, "the cluster does not serve all slots"),
		TRYAGAIN(Kind.BUSY, "the cluster is moving the slot"),
		MOVED(Kind.BUSY, "the key is on another node; of a cluster, configure the cluster's nodes"),
		ASK(Kind.BUSY, "the cluster is moving the slot"),
		OOM(Kind.BUSY, "it is out of memory; raise maxmemory or remove data"),
		MISCONF(Kind.BUSY, "it cannot save to disk; see its log"),
		NOREPLICAS(Kind.NOT_MASTER, "too few replicas are connected to it; it may have been replaced"),
		NOSCRIPT(Kind.BUSY, "it has forgotten the script"),
		NOAUTH(Kind.REFUSED, "it needs a password; set spring.data.redis.password"),
		WRONGPASS(Kind.REFUSED, "it does not accept the user name or password"),
		NOPERM(Kind.REFUSED, "the user lacks a permission; extend its ACL"),
		DENIED(Kind.REFUSED, "it is in protected mode"), WRONGTYPE(Kind.REFUSED, "a key is used by something else"),
		CROSSSLOT(Kind.REFUSED, "the keys are in different slots of the cluster");

		private final Kind kind;

		private final String advice;

		Code(Kind kind, String advice) {
			this.kind = kind;
			this.advice = advice;
		}

	}

	/** What Redis said. */
	private record Said(Code code, String message) {
	}

	/** At the start of an error, or where Redis 6 quotes one in that of a script. */
	private static final Pattern CODE = Pattern.compile("(?:^-?|@user_script: ?\\d+: -?)("
			+ Stream.of(Code.values()).map(Code::name).collect(Collectors.joining("|")) + ")(?= |$)");

	/** How Redis 6 and 7 say NOPERM of a command in a script. */
	private static final Pattern FORBIDDEN = Pattern
		.compile("The user executing the script can't |ACL failure in script");

	/** What the drivers make of an error reply. */
	private static final Set<String> REPLIES = Set.of("redis.clients.jedis.exceptions.JedisDataException",
			"io.lettuce.core.RedisCommandExecutionException");

	private RedisErrors() {
	}

	/** Returns whether Redis does not know the script's digest. */
	static boolean isUnknownScript(Throwable failure) {
		Said said = said(failure);
		return said != null && said.code() == Code.NOSCRIPT;
	}

	/** Returns what happened. */
	static Kind kind(Throwable failure) {
		Said said = said(failure);
		if (said != null) {
			return said.code().kind;
		}
		Throwable reply = find(failure, RedisErrors::isReply);
		if (reply != null) {
			return message(reply).contains("max number of clients") ? Kind.BUSY : Kind.REFUSED;
		}
		if (find(failure, RedisErrors::isMisuse) != null) {
			return Kind.REFUSED;
		}
		if (find(failure, RedisErrors::isTimeout) != null) {
			return Kind.TIMED_OUT;
		}
		if (find(failure, (ex) -> message(ex).contains("waiting for idle object")) != null) {
			return Kind.BUSY;
		}
		return Kind.UNREACHABLE;
	}

	/**
	 * Translates a failure.
	 * @param what the script or command that failed
	 * @param address where Redis is
	 * @param failure what a driver or Spring threw
	 */
	static TaskQueueException translate(Object what, String address, Throwable failure) {
		if (failure instanceof TaskQueueException translated) {
			return translated;
		}
		Kind kind = kind(failure);
		String message = "Redis at " + address + " " + describe(kind, failure) + " (" + what + ")";
		return (kind == Kind.REFUSED) ? new TaskQueueRefusedException(message, Remedy.of(message), failure)
				: new TaskQueueUnavailableException(message, failure);
	}

	private static String describe(Kind kind, Throwable failure) {
		Said said = said(failure);
		if (said != null) {
			return verdict(kind) + said.code().advice + ". It said: " + said.message();
		}
		Throwable reply = find(failure, RedisErrors::isReply);
		if (reply != null) {
			return verdict(kind) + message(reply)
					+ (message(reply).startsWith("ERR unknown command") ? ". Redis 6.2 or newer is needed" : "");
		}
		String root = summary(root(failure));
		return switch (kind) {
			case REFUSED -> "is not asked, for the driver refuses: " + root;
			case TIMED_OUT -> "did not answer in time, so that the effect is unknown: " + root;
			case BUSY -> "is not asked, for no connection has become free in time: " + root;
			default ->
				"cannot be reached: " + root + ". Check that it runs and that address and TLS settings are right";
		};
	}

	private static String verdict(Kind kind) {
		return (kind == Kind.REFUSED) ? "refuses: " : "cannot serve now: ";
	}

	private static @Nullable Said said(Throwable failure) {
		Throwable found = find(failure, (ex) -> code(message(ex)) != null);
		Code code = (found != null) ? code(message(found)) : null;
		return (found != null && code != null) ? new Said(code, message(found)) : null;
	}

	private static @Nullable Code code(String message) {
		Matcher matcher = CODE.matcher(message);
		if (matcher.find()) {
			return Code.valueOf(matcher.group(1));
		}
		return FORBIDDEN.matcher(message).find() ? Code.NOPERM : null;
	}

	private static boolean isReply(Throwable ex) {
		for (Class<?> type = ex.getClass(); type != null; type = type.getSuperclass()) {
			if (REPLIES.contains(type.getName())) {
				return true;
			}
		}
		return false;
	}

	/** Whether the driver has not even sent it. */
	private static boolean isMisuse(Throwable ex) {
		return ex instanceof IllegalArgumentException || ex instanceof UnsupportedOperationException
				|| ex instanceof ClassCastException || ex instanceof NullPointerException
				|| message(ex).contains("same hashslot");
	}

	private static boolean isTimeout(Throwable ex) {
		boolean timeout = ex instanceof SocketTimeoutException || ex instanceof TimeoutException
				|| ex instanceof QueryTimeoutException || ex.getClass().getSimpleName().contains("CommandTimeout");
		return timeout && !message(ex).toLowerCase(Locale.ROOT).startsWith("connect");
	}

	/** Searches causes first, then what was suppressed, where Jedis Cluster puts them. */
	private static @Nullable Throwable find(Throwable failure, Predicate<Throwable> wanted) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> open = new ArrayDeque<>();
		open.add(failure);
		while (!open.isEmpty()) {
			Throwable next = open.removeFirst();
			if (!seen.add(next)) {
				continue;
			}
			if (wanted.test(next)) {
				return next;
			}
			Throwable cause = next.getCause();
			if (cause != null) {
				open.addFirst(cause);
			}
			Collections.addAll(open, next.getSuppressed());
		}
		return null;
	}

	/** Returns the cause that says most: the first of the network's, or the last. */
	private static Throwable root(Throwable failure) {
		Throwable io = find(failure, IOException.class::isInstance);
		if (io != null) {
			return io;
		}
		Throwable last = find(failure, (ex) -> ex.getCause() == null && ex.getSuppressed().length == 0);
		return (last != null) ? last : failure;
	}

	private static String summary(Throwable ex) {
		String message = message(ex);
		return message.isEmpty() ? ex.getClass().getSimpleName() : message;
	}

	private static String message(Throwable ex) {
		String message = ex.getMessage();
		return (message != null) ? message : "";
	}

}
