package io.taskqueue.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.broker.WorkBroker.Archival;
import io.taskqueue.broker.WorkBroker.Completion;
import io.taskqueue.broker.WorkBroker.Fetched;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.broker.WorkBroker.Settled;

/**
 * One queue of the {@link InMemoryBroker}, and a window on its state. Everything is
 * guarded by this object's monitor.
 */
public final class InMemoryQueue {

	private final String name;

	private final Clock clock;

	private final Deque<String> pending = new ArrayDeque<>();

	private final Map<String, byte[]> records = new HashMap<>();

	private final Map<String, Held> active = new LinkedHashMap<>();

	private final Map<String, Instant> scheduled = new LinkedHashMap<>();

	private final Map<String, Retry> retries = new LinkedHashMap<>();

	private final Map<String, byte[]> archived = new LinkedHashMap<>();

	private final Map<String, Completion> completed = new LinkedHashMap<>();

	private final Map<String, Deferral> deferrals = new HashMap<>();

	private final Map<String, Integer> crashes = new HashMap<>();

	private final Map<String, byte[]> results = new HashMap<>();

	private final Set<String> cancelled = new HashSet<>();

	private final Map<String, Answer> answers = new HashMap<>();

	private boolean paused;

	private long done;

	private record Held(String owner, Instant lease) {
	}

	private record Answer(long number, Object value) {
	}

	InMemoryQueue(String name, Clock clock) {
		this.name = name;
		this.clock = clock;
	}

	/** Adds a pending task with any bytes as its record. */
	public synchronized void push(String id, byte[] record) {
		this.records.put(id, record);
		this.pending.addLast(id);
		notifyAll();
	}

	/** Makes the next fetch say how often the task crashed. */
	public synchronized void crashed(String id, int times) {
		this.crashes.put(id, times);
	}

	/** Makes the next fetch say how the task was put off before. */
	public synchronized void deferred(String id, Deferral deferral) {
		this.deferrals.put(id, deferral);
	}

	/** Marks a task as cancelled, for the next renewal. */
	public synchronized void markCancelled(String id) {
		this.cancelled.add(id);
	}

	/** Takes the lease of a task away, as recovery does, and makes it pending. */
	public synchronized void steal(String id) {
		this.active.remove(id);
		this.pending.addFirst(id);
		notifyAll();
	}

	/** Takes the lease of a task away and gives the task to nobody. */
	public synchronized void drop(String id) {
		this.active.remove(id);
	}

	/** Pauses or resumes. */
	public synchronized void pause(boolean paused) {
		this.paused = paused;
		notifyAll();
	}

	/** Returns the pending ids, the next to run first. */
	public synchronized List<String> pending() {
		return List.copyOf(this.pending);
	}

	/** Returns the ids that workers hold. */
	public synchronized Set<String> active() {
		return new LinkedHashSet<>(this.active.keySet());
	}

	/** Returns the tasks that were put off. */
	public synchronized Map<String, Instant> scheduled() {
		return new LinkedHashMap<>(this.scheduled);
	}

	/** Returns the tasks to be retried. */
	public synchronized Map<String, Retry> retries() {
		return new LinkedHashMap<>(this.retries);
	}

	/** Returns the archived tasks. */
	public synchronized Map<String, byte[]> archived() {
		return new LinkedHashMap<>(this.archived);
	}

	/** Returns the retained tasks. */
	public synchronized Map<String, Completion> completed() {
		return new LinkedHashMap<>(this.completed);
	}

	/** Returns how many tasks were completed, retained or not. */
	public synchronized long done() {
		return this.done;
	}

	/** Returns what was noted about a task that was put off. */
	public synchronized Deferral deferral(String id) {
		return this.deferrals.get(id);
	}

	/** Returns the result of a task. */
	public synchronized byte[] result(String id) {
		return this.results.get(id);
	}

	synchronized Fetched fetch(BatchId batch, String owner, int count, int suspects) {
		boolean repeated = isRepeated(batch, "fetch");
		List<String> taken = once(batch, "fetch", () -> this.paused ? List.of() : take(owner, count, suspects));
		List<Delivery> deliveries = new ArrayList<>();
		for (String id : taken) {
			if (!repeated || isOwned(id, owner)) {
				deliveries.add(new Delivery(this.name, id, this.records.get(id), this.crashes.getOrDefault(id, 0),
						this.deferrals.get(id)));
			}
		}
		return new Fetched(this.paused && taken.isEmpty(), deliveries);
	}

	private List<String> take(String owner, int count, int suspects) {
		List<String> taken = new ArrayList<>();
		int left = suspects;
		for (int i = 0; i < count && !this.pending.isEmpty(); i++) {
			String id = this.pending.removeFirst();
			boolean suspect = this.crashes.getOrDefault(id, 0) >= WorkBroker.SUSPECT;
			if (suspect && left-- <= 0) {
				this.scheduled.put(id, this.clock.instant().plusSeconds(1));
				continue;
			}
			this.active.put(id, new Held(owner, this.clock.instant().plus(WorkBroker.LEASE)));
			taken.add(id);
		}
		return taken;
	}

	synchronized List<Settled> complete(BatchId batch, String owner, List<Completion> completions) {
		return settle(batch, "complete", owner, completions, Completion::id, (completion) -> {
			this.done++;
			if (completion.retained() != null) {
				this.completed.put(completion.id(), completion);
				if (completion.result() != null) {
					this.results.put(completion.id(), completion.result());
				}
			}
		});
	}

	synchronized List<Settled> retry(BatchId batch, String owner, List<Retry> retries) {
		return settle(batch, "retry", owner, retries, Retry::id, (retry) -> {
			this.records.put(retry.id(), retry.message());
			this.retries.put(retry.id(), retry);
		});
	}

	synchronized List<Settled> archive(BatchId batch, String owner, List<Archival> archivals) {
		return settle(batch, "archive", owner, archivals, Archival::id,
				(archival) -> this.archived.put(archival.id(), archival.message()));
	}

	synchronized List<Settled> release(BatchId batch, String owner, List<Release> releases) {
		List<String> heads = new ArrayList<>();
		List<Settled> settled = settle(batch, "release", owner, releases, Release::id, (release) -> {
			if (release.deferral() != null) {
				this.deferrals.put(release.id(), release.deferral());
			}
			if (release.at() != null) {
				this.scheduled.put(release.id(), release.at());
			}
			else if (release.deferral() != null) {
				this.pending.addLast(release.id());
			}
			else {
				heads.add(release.id());
			}
		});
		for (int i = heads.size() - 1; i >= 0; i--) {
			this.pending.addFirst(heads.get(i));
		}
		notifyAll();
		return settled;
	}

	private <T> List<Settled> settle(BatchId batch, String verb, String owner, List<T> outcomes,
			Function<T, String> idOf, Consumer<T> effect) {
		return once(batch, verb, () -> {
			List<Settled> answers = new ArrayList<>();
			for (T outcome : outcomes) {
				if (isOwned(idOf.apply(outcome), owner)) {
					this.active.remove(idOf.apply(outcome));
					effect.accept(outcome);
					answers.add(Settled.DONE);
				}
				else {
					answers.add(Settled.NOT_OURS);
				}
			}
			return answers;
		});
	}

	synchronized List<Renewal> renew(String owner, List<String> ids) {
		return ids.stream().map((id) -> {
			if (!isOwned(id, owner)) {
				return Renewal.LOST;
			}
			this.active.put(id, new Held(owner, this.clock.instant().plus(WorkBroker.LEASE)));
			return this.cancelled.contains(id) ? Renewal.CANCELLED : Renewal.HELD;
		}).toList();
	}

	synchronized boolean writeResult(String owner, String id, byte[] result) {
		if (isOwned(id, owner)) {
			this.results.put(id, result);
			return true;
		}
		return false;
	}

	synchronized boolean awaitPending(Duration timeout, BooleanSupplier ended) {
		long start = System.nanoTime();
		while (this.pending.isEmpty() && !ended.getAsBoolean()) {
			long left = timeout.toMillis() - Duration.ofNanos(System.nanoTime() - start).toMillis();
			if (left <= 0) {
				return false;
			}
			try {
				wait(left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return !this.pending.isEmpty();
	}

	synchronized void wakeWaiters() {
		notifyAll();
	}

	private boolean isOwned(String id, String owner) {
		Held held = this.active.get(id);
		return held != null && held.owner.equals(owner);
	}

	private boolean isRepeated(BatchId batch, String verb) {
		Answer answer = this.answers.get(batch.lane() + verb);
		return answer != null && answer.number == batch.number();
	}

	@SuppressWarnings("unchecked")
	private <T> T once(BatchId batch, String verb, Supplier<T> effect) {
		Answer answer = this.answers.get(batch.lane() + verb);
		if (answer != null && answer.number == batch.number()) {
			return (T) answer.value;
		}
		if (answer != null && answer.number > batch.number()) {
			throw new IllegalArgumentException("batch " + batch + " comes after " + answer.number);
		}
		T value = effect.get();
		this.answers.put(batch.lane() + verb, new Answer(batch.number(), value));
		return value;
	}

}
