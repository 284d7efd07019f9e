package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;
import io.taskqueue.autoconfigure.Manual.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every Java example of the manual compiles: a whole file as it is, members in a class,
 * statements in a method, with {@link ManualBeans} and what the page gives in reach. A
 * body that is written {@code { ... }} stands for any.
 */
class ManualJavaTest {

	private static final Pattern FILE = Pattern.compile("(?s)package ([\\w.]+);.*?public class (\\w+).*");

	private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

	/** For all compilations, so that jars are opened only once. */
	private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

	/** On one line, so that the compiler's line numbers are those of the page. */
	private static final String IMPORTS = Stream
		.of("io.taskqueue.*", "io.taskqueue.annotation.TaskAggregator", "io.taskqueue.annotation.*",
				"io.taskqueue.autoconfigure.*", "io.taskqueue.client.*", "io.taskqueue.cron.*",
				"io.taskqueue.embeddedredis.*", "io.taskqueue.handler.*", "io.taskqueue.inspect.*",
				"io.taskqueue.runtime.*", "io.taskqueue.worker.*", "java.io.*", "java.net.*", "java.nio.file.*",
				"java.sql.Connection", "java.sql.PreparedStatement", "java.sql.ResultSet", "java.time.*", "java.util.*",
				"java.util.concurrent.*", "javax.sql.DataSource", "org.slf4j.*",
				"org.springframework.beans.factory.annotation.*", "org.springframework.boot.*",
				"org.springframework.boot.autoconfigure.*", "org.springframework.context.annotation.*",
				"org.springframework.context.event.*", "org.springframework.core.annotation.*",
				"org.springframework.data.redis.connection.*", "org.springframework.data.redis.connection.jedis.*",
				"org.springframework.stereotype.*", "org.yaml.snakeyaml.*", "org.yaml.snakeyaml.constructor.*")
		.map((name) -> "import " + name + "; ")
		.collect(Collectors.joining());

	@ParameterizedTest
	@MethodSource("pages")
	void everyExampleCompiles(Manual page) {
		assertThat(errors(page)).isEmpty();
	}

	static List<Manual> pages() {
		return Manual.pages().stream().filter((page) -> !page.examples("java").isEmpty()).toList();
	}

	@Test
	void anExampleThatDoesNotCompileIsReportedByItsLine() {
		Manual page = new Manual(Manual.ROOT.resolve("x.md"), """
				<!-- given
				record Order(String id) {}
				-->
				```java
				taskTemplate.enqueue("order.paid", new Order("1"));
				taskTemplate.enqueueSoon("order.paid", new Order("1"));
				```

				```java
				@TaskHandler("order.paid")
				void paid(Order order) { ... }

				void broken(Unknown unknown) { ... }
				```

				<!-- fragment: left to the reader -->
				```java
				retry = "3"
				```
				""");
		assertThat(errors(page)).hasSize(2);
		assertThat(errors(page).get(0)).startsWith("x.md:6: ").contains("enqueueSoon");
		assertThat(errors(page).get(1)).startsWith("x.md:13: ").contains("Unknown");
	}

	private static List<String> errors(Manual page) {
		List<Source> sources = page.examples("java").stream().map((example) -> source(page, example)).toList();
		return compile(sources, JavacTask::analyze);
	}

	private static Source source(Manual page, Example example) {
		String code = example.code().replace("{ ... }", "{ throw new UnsupportedOperationException(); }");
		Matcher file = FILE.matcher(code);
		if (file.matches()) {
			return new Source(example, file.group(1) + "." + file.group(2), code);
		}
		Source members = inClass(page, example, code);
		if (compile(List.of(members), JavacTask::parse).isEmpty()) {
			return members;
		}
		return inClass(page, example, "void run() throws Exception { " + code + "\n}");
	}

	private static Source inClass(Manual page, Example example, String members) {
		String name = "Example" + example.line();
		String given = page.given().replace('\n', ' ');
		return new Source(example, "manual." + name,
				"package manual; %sabstract class %s extends ManualBeans { %s class Example { %s\n} }"
					.formatted(IMPORTS, name, given, members));
	}

	private static List<String> compile(List<Source> sources, Step step) {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
		JavacTask task = (JavacTask) COMPILER.getTask(null, FILES, diagnostics, options, null, sources);
		try {
			step.run(task);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.sorted(Comparator.comparing((diagnostic) -> ((Source) diagnostic.getSource()).line(diagnostic)))
			.map((diagnostic) -> ((Source) diagnostic.getSource()).describe(diagnostic))
			.toList();
	}

	/** How far the compiler goes. */
	private interface Step {

		void run(JavacTask task) throws IOException;

	}

	/** An example as the compiler sees it. */
	private static final class Source extends SimpleJavaFileObject {

		private final Example example;

		private final String code;

		Source(Example example, String className, String code) {
			super(URI.create("manual:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
			this.example = example;
			this.code = code;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.code;
		}

		String describe(Diagnostic<?> diagnostic) {
			return "%s:%d: %s".formatted(Manual.ROOT.relativize(this.example.page()), line(diagnostic),
					diagnostic.getMessage(Locale.ROOT));
		}

		/** Returns the line in the page. */
		long line(Diagnostic<?> diagnostic) {
			return this.example.line() + diagnostic.getLineNumber() - 1;
		}

	}

}
