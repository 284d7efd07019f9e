package io.taskqueue.autoconfigure;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.cron.CronTaskProvider;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The providers of docs/cron.md.
 */
final class CronProviderExamples {

	private CronProviderExamples() {
	}

	static CronTaskProvider file(Path file) {
		return () -> {
			try (Reader reader = Files.newBufferedReader(file)) {
				List<Map<String, String>> entries = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
				return entries.stream()
					.map((entry) -> CronTaskDefinition
						.of(entry.get("uuid"), entry.get("task_type"), entry.get("cronspec"))
						.withPayload(entry.get("payload")))
					.toList();
			}
		};
	}

	static CronTaskProvider table(DataSource dataSource) {
		return () -> {
			List<CronTaskDefinition> definitions = new ArrayList<>();
			try (Connection connection = dataSource.getConnection();
					PreparedStatement select = connection
						.prepareStatement("select uuid, type, expr, payload, enabled from schedules");
					ResultSet row = select.executeQuery()) {
				while (row.next()) {
					definitions
						.add(CronTaskDefinition.of(row.getString("uuid"), row.getString("type"), row.getString("expr"))
							.withPayload(row.getString("payload"))
							.withEnabled(row.getBoolean("enabled")));
				}
			}
			return definitions;
		};
	}

}
