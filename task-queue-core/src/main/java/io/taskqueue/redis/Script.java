package io.taskqueue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Lua script with the digest by which Redis knows it. Immutable; load each script once
 * and keep it.
 */
final class Script {

	private static final Pattern INCLUDE = Pattern.compile("^-- @include (\\S+)[ \\t]*$", Pattern.MULTILINE);

	private final String name;

	private final byte[] source;

	private final byte[] sha;

	private Script(String name, String source) {
		this.name = name;
		this.source = source.getBytes(StandardCharsets.UTF_8);
		this.sha = sha1(this.source);
	}

	/**
	 * Loads {@code <name>.lua} from beside this class. Each line
	 * {@code -- @include <other>}, there or in an include, is replaced by
	 * {@code include/<other>.lua} the first time it occurs.
	 * @throws IllegalArgumentException if there is no such script or include
	 */
	static Script load(String name) {
		return new Script(name, resolve(name + ".lua", new HashSet<>()));
	}

	private static String resolve(String resource, Set<String> seen) {
		return INCLUDE.matcher(read(resource)).replaceAll((include) -> {
			String other = "include/" + include.group(1) + ".lua";
			return seen.add(other) ? Matcher.quoteReplacement(resolve(other, seen)) : "";
		});
	}

	/** Makes a script of Lua code. */
	static Script of(String name, String source) {
		return new Script(name, source);
	}

	/** Returns the name, for messages. */
	String name() {
		return this.name;
	}

	/** Returns the Lua code; not to be changed. */
	byte[] source() {
		return this.source;
	}

	/** Returns the SHA-1 in lower case hex digits; not to be changed. */
	byte[] sha() {
		return this.sha;
	}

	@Override
	public String toString() {
		return "script " + this.name;
	}

	private static String read(String resource) {
		try (InputStream in = Script.class.getResourceAsStream(resource)) {
			if (in == null) {
				throw new IllegalArgumentException(
						"There is no script " + resource + " beside " + Script.class.getName());
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Script " + resource + " cannot be read", ex);
		}
	}

	private static byte[] sha1(byte[] source) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
			return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

}
