package io.taskqueue.cron;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.taskqueue.InvalidCronExpressionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression: a zone, then a macro or fields.
 */
final class ExpressionParser {

	private static final String ZONE_PREFIX = "CRON_TZ=";

	private static final String SHORT_ZONE_PREFIX = "TZ=";

	/** The offset is called Z, which says little in a normal form. */
	private static final ZoneId UTC = ZoneId.of("UTC");

	private static final String FORMS = "Write 5 fields (minute hour day-of-month month day-of-week), 6 with a second"
			+ " in front or a year at the end, or 7 with both";

	private static final Map<String, String> MACROS = Map.of("@yearly", "0 0 1 1 *", "@annually", "0 0 1 1 *",
			"@monthly", "0 0 1 * *", "@weekly", "0 0 * * 0", "@daily", "0 0 * * *", "@midnight", "0 0 * * *", "@hourly",
			"0 * * * *");

	private final @Nullable ZoneId zone;

	private final ZoneId defaultZone;

	private final DstPolicy dst;

	/**
	 * Creates a parser.
	 * @param zone the zone that goes before any prefix, if there is one
	 * @param defaultZone the zone where there is neither that nor a prefix
	 */
	ExpressionParser(@Nullable ZoneId zone, ZoneId defaultZone, DstPolicy dst) {
		this.zone = zone;
		this.defaultZone = defaultZone;
		this.dst = dst;
	}

	Expression parse(String expression) {
		List<Word> words = Word.split(expression);
		List<String> warnings = new ArrayList<>();
		ZoneId resolved = (this.zone != null) ? this.zone : this.defaultZone;
		if (!words.isEmpty() && isZone(words.get(0))) {
			ZoneId prefix = zone(words.get(0));
			if (this.zone == null) {
				resolved = prefix;
			}
			else if (!this.zone.equals(prefix)) {
				warnings.add("Cron expression '%s' is read in the zone %s, which is given apart from it, not in %s"
					.formatted(expression, this.zone, prefix));
			}
			words = words.subList(1, words.size());
		}
		if (words.isEmpty()) {
			throw new InvalidCronExpressionException(expression, expression.length() + 1, null,
					"there is nothing to read", FORMS);
		}
		if (words.get(0).text().startsWith("@")) {
			return macro(words, resolved, warnings);
		}
		return fields(words, resolved, warnings);
	}

	private static boolean isZone(Word word) {
		return word.text().startsWith(ZONE_PREFIX) || word.text().startsWith(SHORT_ZONE_PREFIX);
	}

	private static ZoneId zone(Word word) {
		Word name = word.from(word.text().indexOf('=') + 1);
		try {
			return ZoneId.of(name.text());
		}
		catch (DateTimeException ex) {
			throw name.invalid(null, "there is no zone '%s'".formatted(name),
					"Write a region such as Europe/Berlin, an offset such as +08:00, or UTC");
		}
	}

	private Expression macro(List<Word> words, ZoneId resolved, List<String> warnings) {
		Word macro = words.get(0);
		String name = macro.text().toLowerCase(Locale.ROOT);
		int length = name.equals("@every") ? 2 : 1;
		String fields = MACROS.get(name);
		if (name.equals("@reboot")) {
			throw macro.invalid(null, "'%s' is not a time".formatted(macro),
					"Enqueue the task when the application starts, in an ApplicationRunner for instance");
		}
		if (fields == null && length == 1) {
			throw macro.invalid(null, "there is no '%s'".formatted(macro),
					"Write @yearly, @monthly, @weekly, @daily, @hourly or @every with a duration");
		}
		if (words.size() < length) {
			throw macro.invalid(null, "'%s' lacks its duration".formatted(macro), "Write @every 90s for instance");
		}
		if (words.size() > length) {
			throw words.get(length)
				.invalid(null, "'%s' follows a complete expression".formatted(words.get(length)), "Remove it");
		}
		if (fields == null) {
			return new IntervalExpression(IntervalText.parse(words.get(1)));
		}
		return fields(Word.split(fields), resolved, warnings);
	}

	private Expression fields(List<Word> words, ZoneId resolved, List<String> warnings) {
		Dialect dialect = Dialect.of(words);
		if (dialect == null) {
			throw words.get(0).invalid(null, "%d fields are neither 5, 6 nor 7".formatted(words.size()), FORMS);
		}
		Map<Field, String> fields = new EnumMap<>(Field.class);
		for (int i = 0; i < words.size(); i++) {
			Field field = dialect.fields().get(i);
			fields.put(field, new FieldParser(field, dialect).parse(words.get(i)));
		}
		if (!"*".equals(fields.get(Field.DAY_OF_MONTH)) && !"*".equals(fields.get(Field.DAY_OF_WEEK))) {
			warnings.add(bothDays(words.get(0).expression(), dialect));
		}
		ZoneId named = resolved.equals(ZoneOffset.UTC) ? UTC : resolved;
		String text = fields.values().stream().collect(Collectors.joining(" "));
		return new CalendarExpression(ZONE_PREFIX + named + " " + text, fields, dialect.eitherDay(), named, this.dst,
				warnings);
	}

	private static String bothDays(String expression, Dialect dialect) {
		return "Cron expression '%s' restricts both the day of month and the day of week. ".formatted(expression)
				+ (dialect.eitherDay()
						? "It fires when either matches, as in crontab; with six fields, seconds first, both would have to"
						: "It fires only when both match, as with @Scheduled; with five fields, minutes first, either would be enough");
	}

}
