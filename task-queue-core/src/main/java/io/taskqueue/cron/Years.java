package io.taskqueue.cron;

import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Reads the years of a field in normal form.
 */
final class Years {

	private Years() {
	}

	/** Returns the years listed; none stands for every year. */
	static NavigableSet<Integer> parse(String field) {
		NavigableSet<Integer> years = new TreeSet<>();
		if (!field.equals("*")) {
			for (String element : field.split(",")) {
				add(years, element);
			}
		}
		return years;
	}

	private static void add(NavigableSet<Integer> years, String element) {
		String[] rangeAndStep = element.split("/");
		String[] ends = rangeAndStep[0].equals("*") ? new String[] { Integer.toString(Field.YEAR.min()) }
				: rangeAndStep[0].split("-");
		int first = Integer.parseInt(ends[0]);
		int last = first;
		if (ends.length > 1) {
			last = Integer.parseInt(ends[1]);
		}
		else if (rangeAndStep.length > 1) {
			last = Field.YEAR.max();
		}
		int step = (rangeAndStep.length > 1) ? Integer.parseInt(rangeAndStep[1]) : 1;
		for (int year = first; year <= last; year += step) {
			years.add(year);
		}
	}

}
