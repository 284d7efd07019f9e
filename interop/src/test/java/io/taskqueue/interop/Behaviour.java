package io.taskqueue.interop;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a payload asks its handler to do, in Go as in Java.
 *
 * @param fail how many attempts fail
 * @param skip whether the first failure is the last
 * @param hold how many milliseconds an attempt lasts unless it is interrupted
 * @param result is written before the end; empty for none
 */
record Behaviour(int fail, boolean skip, long hold, String result) {

	static final Behaviour SUCCEED = new Behaviour(0, false, 0, "");

	static Behaviour fail(int times) {
		return new Behaviour(times, false, 0, "");
	}

	static Behaviour skipRetry() {
		return new Behaviour(1, true, 0, "");
	}

	static Behaviour hold(long millis) {
		return new Behaviour(0, false, millis, "");
	}

	static Behaviour result(String result) {
		return new Behaviour(0, false, 0, result);
	}

	/** Reads a payload; what is none of ours succeeds. */
	static Behaviour of(byte[] payload) {
		try {
			return (payload.length > 0 && payload[0] == '{') ? JsonMapper.shared().readValue(payload, Behaviour.class)
					: SUCCEED;
		}
		catch (JacksonException ex) {
			return SUCCEED;
		}
	}

	byte[] payload() {
		return JsonMapper.shared().writeValueAsBytes(this);
	}

	/** Returns the payload as the tools show it. */
	String text() {
		return JsonMapper.shared().writeValueAsString(this);
	}

}
