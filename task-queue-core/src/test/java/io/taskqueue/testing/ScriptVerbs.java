package io.taskqueue.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows the verbs of the scripts that keep their answers, by digest once their source has
 * come by.
 */
final class ScriptVerbs {

	/** The verb of everything that keeps no answer. */
	static final String OTHER = "";

	/** The verb of a script whose source never came by. */
	static final String UNKNOWN = "unknown";

	/** Where a script names the key that keeps its answer. */
	private static final Pattern VERB = Pattern.compile("'tq:reply:' \\.\\. ARGV\\[1] \\.\\. ':(\\w+)'");

	private static final Map<String, String> BY_SHA = new ConcurrentHashMap<>();

	private ScriptVerbs() {
	}

	/** Returns the verb of a request. */
	static String of(String command, String argument) {
		return switch (command.toUpperCase(Locale.ROOT)) {
			case "EVAL" -> {
				Matcher matcher = VERB.matcher(argument);
				String verb = matcher.find() ? matcher.group(1) : OTHER;
				BY_SHA.put(sha1(argument), verb);
				yield verb;
			}
			case "EVALSHA" -> BY_SHA.getOrDefault(argument, UNKNOWN);
			default -> OTHER;
		};
	}

	private static String sha1(String source) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
