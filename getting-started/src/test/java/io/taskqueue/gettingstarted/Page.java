package io.taskqueue.gettingstarted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What docs/getting-started.md tells its reader to write and to run.
 *
 * @param files contents by path
 * @param command what to run, without the prompt
 * @param output what then appears
 */
record Page(Map<Path, String> files, String command, String output) {

	/** A paragraph that begins with the file's name, and its content. */
	private static final Pattern FILE = Pattern.compile("(?s)\n\n`([^`\n]+)`[^\n]*:\n\n```(?:xml|java)\n(.*?)```");

	private static final Pattern COMMAND = Pattern.compile("```console\n\\$ (mvn [^\n]+)\n```");

	private static final Pattern OUTPUT = Pattern.compile("```text\n([^\n]+)\n```");

	static Page read() throws IOException {
		String text = Files.readString(Path.of("..", "docs", "getting-started.md"));
		Map<Path, String> files = new LinkedHashMap<>();
		FILE.matcher(text).results().forEach((file) -> files.put(Path.of(file.group(1)), file.group(2)));
		return new Page(files, first(COMMAND, text), first(OUTPUT, text));
	}

	void writeFiles(Path folder) throws IOException {
		for (Map.Entry<Path, String> file : this.files.entrySet()) {
			Path path = folder.resolve(file.getKey());
			Files.createDirectories(path.getParent());
			Files.writeString(path, file.getValue());
		}
	}

	private static String first(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		if (!matcher.find()) {
			throw new IllegalStateException("docs/getting-started.md has nothing like " + pattern);
		}
		return matcher.group(1);
	}

}
