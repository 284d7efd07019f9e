package io.taskqueue.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of Redis's protocol into messages, of either version, and keeps the first
 * words of each.
 */
final class Resp {

	private final InputStream in;

	private final int most;

	private final ByteArrayOutputStream message = new ByteArrayOutputStream();

	private final List<byte[]> words = new ArrayList<>();

	/**
	 * Reads a stream.
	 * @param most how many words of each message to keep
	 */
	Resp(InputStream in, int most) {
		this.most = most;
		this.in = new BufferedInputStream(in, 1 << 16);
	}

	/** Returns the next message as it came, or {@code null} at the end. */
	byte @Nullable [] read() throws IOException {
		this.message.reset();
		this.words.clear();
		int first = this.in.read();
		if (first < 0) {
			return null;
		}
		element(first);
		return this.message.toByteArray();
	}

	/** Returns a word of the last message read; empty where it has fewer. */
	String word(int index) {
		return (index < this.words.size()) ? new String(this.words.get(index), StandardCharsets.UTF_8) : "";
	}

	/** Returns the words of the last message read, byte for byte. */
	List<String> words() {
		return new ArrayList<>(
				this.words.stream().map((word) -> new String(word, StandardCharsets.ISO_8859_1)).toList());
	}

	private void element(int kind) throws IOException {
		String line = line(kind);
		switch (kind) {
			case '$', '=', '!' -> text(Integer.parseInt(line));
			case '*', '~', '>' -> elements(Integer.parseInt(line));
			case '%' -> elements(2 * Integer.parseInt(line));
			default -> {
			}
		}
	}

	private void elements(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			element(next());
		}
	}

	private void text(int length) throws IOException {
		if (length < 0) {
			return;
		}
		byte[] text = this.in.readNBytes(length + 2);
		if (text.length < length + 2) {
			throw new EOFException();
		}
		this.message.write(text);
		if (this.words.size() < this.most) {
			this.words.add(Arrays.copyOf(text, length));
		}
	}

	private String line(int kind) throws IOException {
		StringBuilder line = new StringBuilder();
		this.message.write(kind);
		int next = next();
		while (next != '\n') {
			this.message.write(next);
			if (next != '\r') {
				line.append((char) next);
			}
			next = next();
		}
		this.message.write(next);
		return line.toString();
	}

	private int next() throws IOException {
		int next = this.in.read();
		if (next < 0) {
			throw new EOFException();
		}
		return next;
	}

}
