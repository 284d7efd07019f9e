package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page that users read: README.md, or one of docs. Its examples are the fenced blocks
 * with a language.
 *
 * <p>
 * Two comments, which readers do not see, say what an example cannot say itself:
 *
 * <pre>
 * &lt;!-- given
 * record Order(String id) {}
 * --&gt;
 * </pre>
 *
 * holds declarations that the page's Java examples may use, beside those of
 * {@link ManualBeans}; and {@code <!-- fragment: why -->} on the line before a block
 * leaves it out of every check.
 *
 * @param file where it is
 * @param text its Markdown
 */
record Manual(Path file, String text) {

	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern FENCE = Pattern.compile("( *)```(\\w*).*");

	private static final Pattern GIVEN = Pattern.compile("(?s)<!-- given\n(.*?)-->");

	/**
	 * A fenced block.
	 *
	 * @param page the page's file
	 * @param line the line of its first line in the page, from 1
	 * @param language what it is written in; empty where the page does not say
	 * @param code its lines, without the indentation of the fence
	 * @param fragment whether the page says that it does not stand by itself
	 */
	record Example(Path page, int line, String language, String code, boolean fragment) {

		@Override
		public String toString() {
			return ROOT.relativize(this.page) + ":" + this.line;
		}

	}

	static List<Manual> pages() {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
				.filter((file) -> file.toString().endsWith(".md"))
				.map(Manual::read)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Manual read(Path file) {
		try {
			return new Manual(file, Files.readString(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the examples in a language, but for fragments. */
	List<Example> examples(String language) {
		return blocks().stream()
			.filter((example) -> example.language().equals(language) && !example.fragment())
			.toList();
	}

	/** Returns all fenced blocks. */
	List<Example> blocks() {
		List<Example> blocks = new ArrayList<>();
		List<String> lines = this.text.lines().toList();
		for (int i = 0; i < lines.size(); i++) {
			Matcher fence = FENCE.matcher(lines.get(i));
			if (fence.matches()) {
				int begin = i + 1;
				boolean fragment = i > 0 && lines.get(i - 1).strip().startsWith("<!-- fragment:");
				String indentation = fence.group(1);
				i = begin;
				while (!lines.get(i).equals(indentation + "```")) {
					i++;
				}
				String code = lines.subList(begin, i)
					.stream()
					.map((line) -> line.startsWith(indentation) ? line.substring(indentation.length()) : line)
					.collect(Collectors.joining("\n"));
				blocks.add(new Example(this.file, begin + 1, fence.group(2), code, fragment));
			}
		}
		return blocks;
	}

	/** Returns what the page's Java examples may use. */
	String given() {
		return GIVEN.matcher(this.text).results().map((given) -> given.group(1)).collect(Collectors.joining());
	}

	/** Returns the text without blocks and comments. */
	String prose() {
		return this.text.replaceAll("(?s)<!--.*?-->", "").replaceAll("(?sm)^ *```.*?^ *```$", "");
	}

	@Override
	public String toString() {
		return ROOT.relativize(this.file).toString();
	}

}
