package io.taskqueue.cron;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cron task as it is kept in Redis, in JSON. Defaults and zones are resolved, so that
 * whoever leads fires it in the same way. Times are Unix seconds.
 *
 * @param owner who defines it
 * @param text the expressions as defined
 * @param declared their normal form
 * @param override the normal form of the expressions that count in their place; empty for
 * none
 * @param zone the zone of an override that names none
 * @param dst what becomes of fire times when the clocks change
 * @param message the record of its tasks in Base64
 * @param overlap its overlap policy
 * @param misfire its misfire policy
 * @param jitterMillis its jitter
 * @param enabled whether it is defined as enabled
 * @param switched whether it was enabled or disabled at run time, which counts before
 * that; {@code null} if it was not
 * @param retired whether no live process defines it any more
 * @param removed whether it is to be deleted by the leader
 * @param since ticks up to here are none or were fired
 * @param anchor what {@code @every} counts from
 * @param past expressions that counted before, for ticks that nobody has fired yet
 */
record StoredTask(String owner, List<String> text, List<String> declared, List<String> override, String zone,
		DstPolicy dst, String message, OverlapPolicy overlap, MisfirePolicy misfire, long jitterMillis, boolean enabled,
		@Nullable Boolean switched, boolean retired, boolean removed, long since, long anchor, List<Past> past) {

	static final String REGISTRY = "registry";

	private static final int PAST_KEPT = 4;

	private static final JsonMapper JSON = new JsonMapper();

	/**
	 * Expressions that counted before.
	 *
	 * @param expressions their normal form
	 * @param anchor what {@code @every} counted from
	 * @param until the last second in which they counted
	 */
	record Past(List<String> expressions, long anchor, long until) {
	}

	static StoredTask read(String json) {
		return JSON.readValue(json, StoredTask.class);
	}

	String write() {
		return JSON.writeValueAsString(this);
	}

	static String encode(TaskMessage message) {
		return Base64.getEncoder().encodeToString(message.encode());
	}

	TaskMessage template() {
		return TaskMessage.decode(Base64.getDecoder().decode(this.message));
	}

	boolean isOfRegistry() {
		return this.owner.equals(REGISTRY);
	}

	/** Returns the expressions that count. */
	List<String> expressions() {
		return this.override.isEmpty() ? this.declared : this.override;
	}

	/** Returns the expressions that count, as people wrote them. */
	String shown() {
		return String.join(" | ", this.override.isEmpty() ? this.text : this.override);
	}

	boolean isEnabled() {
		return (this.switched != null) ? this.switched : this.enabled;
	}

	boolean isActive() {
		return isEnabled() && !this.retired && !this.removed;
	}

	/**
	 * Returns this with a new definition. What was changed at run time stays, an override
	 * only as long as it is an override of the same expressions.
	 */
	StoredTask redefined(StoredTask by) {
		List<String> override = by.declared.equals(this.declared) ? this.override : List.of();
		return new StoredTask(by.owner, by.text, by.declared, override, by.zone, by.dst, by.message, by.overlap,
				by.misfire, by.jitterMillis, by.enabled, this.switched, false, false, this.since, this.anchor,
				this.past);
	}

	StoredTask withOverride(List<String> override) {
		return with(override.equals(this.declared) ? List.of() : override, this.switched, this.retired, this.removed);
	}

	StoredTask withSwitched(boolean enabled) {
		return with(this.override, enabled, this.retired, this.removed);
	}

	StoredTask asRetired() {
		return with(this.override, this.switched, true, this.removed);
	}

	StoredTask asRemoved() {
		return with(this.override, this.switched, this.retired, true);
	}

	private StoredTask with(List<String> override, @Nullable Boolean switched, boolean retired, boolean removed) {
		return new StoredTask(this.owner, this.text, this.declared, override, this.zone, this.dst, this.message,
				this.overlap, this.misfire, this.jitterMillis, this.enabled, switched, retired, removed, this.since,
				this.anchor, this.past);
	}

	/**
	 * Returns this as what follows another state: the future is this one's, the ticks
	 * that the other one had and nobody fired yet remain.
	 * @param before the other state; {@code null} if there was none
	 * @param now the time of the change
	 * @param fired the last tick that counts as fired
	 */
	StoredTask following(@Nullable StoredTask before, long now, long fired) {
		boolean sameTimes = before != null && before.expressions().equals(expressions()) && before.dst.equals(this.dst);
		if (before == null || !before.isActive() || !isActive()) {
			return times(Math.max(now, fired), (before != null && sameTimes) ? before.anchor : now, List.of());
		}
		long since = Math.max(before.since, fired);
		List<Past> past = new ArrayList<>(before.past);
		past.removeIf((earlier) -> earlier.until() <= since);
		if (!sameTimes) {
			past.add(new Past(before.expressions(), before.anchor, now));
		}
		return times(since, sameTimes ? before.anchor : now,
				past.subList(Math.max(0, past.size() - PAST_KEPT), past.size()));
	}

	private StoredTask times(long since, long anchor, List<Past> past) {
		return new StoredTask(this.owner, this.text, this.declared, this.override, this.zone, this.dst, this.message,
				this.overlap, this.misfire, this.jitterMillis, this.enabled, this.switched, this.retired, this.removed,
				since, anchor, List.copyOf(past));
	}

}
