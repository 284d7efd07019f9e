package io.taskqueue.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.InvalidCronExpressionException;
import org.jspecify.annotations.Nullable;

/**
 * A piece of an expression that knows where it stands, so that a complaint can say so.
 *
 * @param expression the whole expression, as given
 * @param start where the piece begins, counted from 0
 * @param text the piece
 */
record Word(String expression, int start, String text) {

	private static final Pattern NO_SPACE = Pattern.compile("\\S+");

	/** Splits an expression at its white space. */
	static List<Word> split(String expression) {
		List<Word> words = new ArrayList<>();
		Matcher matcher = NO_SPACE.matcher(expression);
		while (matcher.find()) {
			words.add(new Word(expression, matcher.start(), matcher.group()));
		}
		return words;
	}

	/** Splits the piece at every comma. */
	List<Word> elements() {
		List<Word> elements = new ArrayList<>();
		int from = 0;
		for (int comma = this.text.indexOf(','); comma >= 0; comma = this.text.indexOf(',', from)) {
			elements.add(part(from, comma));
			from = comma + 1;
		}
		elements.add(part(from, this.text.length()));
		return elements;
	}

	/** Returns a part of the piece. */
	Word part(int from, int to) {
		return new Word(this.expression, this.start + from, this.text.substring(from, to));
	}

	/** Returns the rest of the piece. */
	Word from(int from) {
		return part(from, this.text.length());
	}

	/** Returns an exception that points here. */
	InvalidCronExpressionException invalid(@Nullable Field field, String problem, String fix) {
		return new InvalidCronExpressionException(this.expression, this.start + 1,
				(field != null) ? field.label() : null, problem, fix);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
