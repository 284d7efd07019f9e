package io.taskqueue.interop;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes {@code docs/asynq-compatibility.md} from the list and the tests' records.
 */
final class CompatibilityPage {

	private static final String HEAD = """
			# Compatibility with asynq

			What must hold for Java and Go to share queues, each point an automated test. This page is written by
			the tests and `mvn verify` fails when it is out of date; `mvn verify -Dtaskqueue.compatibility.write=true`
			writes it anew. How to use the two together is in [Running beside Go](running-beside-go.md).

			**Redis** names the tests that compare everything stored on a real Redis (or, for records, the bytes that Go
			has written) with what asynq leaves there; **Go** those that run beside the real asynq: 0.26.0 unless the
			name tells another, its command line tool, or asynqmon 0.7.2. The contracts of `StorageTest` hold on a
			single server, behind Sentinel and on a Cluster, each with Jedis and with Lettuce.
			""";

	private final List<Scenarios.Entry> entries;

	private final List<Scenarios.Trace> records;

	CompatibilityPage(List<Scenarios.Entry> entries, List<Scenarios.Trace> records) {
		this.entries = entries;
		this.records = records;
	}

	String text() {
		StringBuilder text = new StringBuilder(HEAD);
		String chapter = "";
		for (Scenarios.Entry entry : this.entries) {
			if (!entry.chapter().equals(chapter)) {
				chapter = entry.chapter();
				text.append("\n## ").append(chapter).append("\n\n");
				text.append("| No. | What must hold | Redis | Go | Result |\n|---|---|---|---|---|\n");
			}
			text.append("| %d | %s | %s | %s | %s |%n".formatted(entry.number(), entry.title(), tests(entry, false),
					tests(entry, true), result(entry)));
		}
		text.append("\n## Different on purpose\n\n| No. | Difference and reason |\n|---|---|\n");
		this.entries.stream()
			.filter((entry) -> !entry.difference().isEmpty())
			.forEach((entry) -> text.append("| %d | %s |%n".formatted(entry.number(), entry.difference())));
		return text.toString();
	}

	/** Returns the records of a scenario's tests. */
	List<Scenarios.Trace> of(Scenarios.Entry entry) {
		return this.records.stream().filter((record) -> record.numbers().contains(entry.number())).toList();
	}

	private String tests(Scenarios.Entry entry, boolean besideGo) {
		return of(entry).stream()
			.filter((record) -> record.besideGo() == besideGo)
			.map((record) -> "`" + record.declaringClass() + "`")
			.distinct()
			.sorted()
			.collect(Collectors.joining(" "));
	}

	private String result(Scenarios.Entry entry) {
		List<String> results = of(entry).stream().map(Scenarios.Trace::result).toList();
		if (results.contains("FAILED")) {
			return "**failed**";
		}
		if (!results.contains("PASSED")) {
			return "not tested" + (entry.gap().isEmpty() ? "" : ": " + entry.gap());
		}
		return entry.difference().isEmpty() ? "passed" : "passed, [different](#different-on-purpose)";
	}

}
