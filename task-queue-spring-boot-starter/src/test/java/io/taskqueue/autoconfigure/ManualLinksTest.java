package io.taskqueue.autoconfigure;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.xml.parsers.DocumentBuilderFactory;

import io.taskqueue.autoconfigure.Manual.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The pages lead to each other, and the README to all of them.
 */
class ManualLinksTest {

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

	@ParameterizedTest
	@MethodSource("pages")
	void everyLinkLeadsSomewhere(Manual page) {
		List<String> broken = new ArrayList<>();
		LINK.matcher(page.prose()).results().map((link) -> link.group(1)).forEach((link) -> {
			if (!link.startsWith("http") && !leadsSomewhere(page, link)) {
				broken.add(link);
			}
		});
		assertThat(broken).isEmpty();
	}

	@Test
	void theReadmeListsEveryPage() {
		Manual readme = Manual.read(Manual.ROOT.resolve("README.md"));
		Set<Path> listed = LINK.matcher(readme.prose())
			.results()
			.map((link) -> Manual.ROOT.resolve(link.group(1)).normalize())
			.collect(Collectors.toSet());
		assertThat(listed)
			.containsAll(pages().stream().map(Manual::file).filter((file) -> !file.equals(readme.file())).toList());
	}

	@ParameterizedTest
	@MethodSource("xml")
	void everyXmlExampleIsWellFormed(Example example) {
		assertThatNoException().isThrownBy(() -> DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(
					new StringReader("<example>" + example.code().replaceFirst("<\\?xml.*?\\?>", "") + "</example>"))));
	}

	static List<Manual> pages() {
		return Manual.pages();
	}

	static List<Example> xml() {
		return pages().stream().flatMap((page) -> page.examples("xml").stream()).toList();
	}

	private static boolean leadsSomewhere(Manual page, String link) {
		int hash = link.indexOf('#');
		String file = (hash < 0) ? link : link.substring(0, hash);
		Path target = file.isEmpty() ? page.file() : page.file().resolveSibling(file).normalize();
		if (!Files.exists(target)) {
			return false;
		}
		return hash < 0 || anchors(Manual.read(target)).contains(link.substring(hash + 1));
	}

	/** Returns the anchors that GitHub gives to headings. */
	private static Set<String> anchors(Manual page) {
		return HEADING.matcher(page.prose())
			.results()
			.map((MatchResult heading) -> heading.group(1)
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-'))
			.collect(Collectors.toSet());
	}

}
