package io.taskqueue.redis;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.TaskState;
import io.taskqueue.broker.ControlBroker;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Does what operators ask for: one script per verb.
 */
final class RedisControl implements ControlBroker {

	private static final Script PAUSE = Script.load("control_pause");

	private static final Script RUN = Script.load("control_run");

	private static final Script ARCHIVE = Script.load("control_archive");

	private static final Script DELETE = Script.load("control_delete");

	private static final Script RESCHEDULE = Script.load("control_reschedule");

	private static final Script REWRITE = Script.load("control_rewrite");

	private static final Script CANCEL = Script.load("control_cancel");

	private static final Script DELETE_QUEUE = Script.load("control_delete_queue");

	private static final Script DELETE_PART = Script.load("control_delete_part");

	/** For how many days counters are kept, and one for clocks that differ. */
	private static final int DAYS = 91;

	private final RedisPort redis;

	private final ScriptTime time;

	private final ArchiveLimits archive;

	RedisControl(RedisPort redis, ScriptTime time, ArchiveLimits archive) {
		this.redis = redis;
		this.time = time;
		this.archive = archive;
	}

	@Override
	public boolean pause(String queue) {
		return number(PAUSE, queue, new Args(1).add(this.time.nowSeconds())) == 1;
	}

	@Override
	public boolean resume(String queue) {
		return number(PAUSE, queue, new Args(1).none()) == 1;
	}

	@Override
	public List<Answer> change(String queue, Verb verb, List<String> ids) {
		Args args = addVerb(new Args(7 + ids.size()).none().none().add(0), verb);
		ids.forEach(args::add);
		Reply reply = eval(script(verb), queue, args);
		reply.number();
		List<Answer> answers = new ArrayList<>(ids.size());
		while (reply.hasNext()) {
			answers.add(answer(reply.number()));
		}
		return answers;
	}

	@Override
	public Some changeSome(String queue, Verb verb, TaskState state, @Nullable String group, int limit) {
		Args args = new Args(7).add(state.wireName()).add((group != null) ? group : "").add(limit);
		Reply reply = eval(script(verb), queue, addVerb(args, verb));
		long before = reply.number();
		int looked = 0;
		int done = 0;
		while (reply.hasNext()) {
			looked++;
			done += (answer(reply.number()) == Answer.DONE) ? 1 : 0;
		}
		return new Some(before, looked, done);
	}

	private Args addVerb(Args args, Verb verb) {
		return (verb == Verb.ARCHIVE) ? this.archive.add(args.add(this.time.nowSeconds()), this.time) : args;
	}

	private static Script script(Verb verb) {
		return switch (verb) {
			case RUN -> RUN;
			case ARCHIVE -> ARCHIVE;
			case DELETE -> DELETE;
		};
	}

	@Override
	public Answer reschedule(String queue, String id, Instant at) {
		return answer(number(RESCHEDULE, queue, ScriptTime.addDue(new Args(3).add(id), at)));
	}

	@Override
	public Answer rewrite(String queue, String id, byte[] before, byte[] after, String lock, String newLock) {
		return answer(number(REWRITE, queue, new Args(5).add(id).add(before).add(after).add(lock).add(newLock)));
	}

	@Override
	public Cancelled cancel(String queue, String id) {
		Args args = this.archive.add(new Args(6).add(id).add(this.time.nowSeconds()), this.time).add(Keys.CANCEL);
		long answer = number(CANCEL, queue, args);
		return switch ((int) answer) {
			case 1 -> Cancelled.ARCHIVED;
			case 2 -> Cancelled.REQUESTED;
			case 3 -> Cancelled.SENT;
			case 0 -> Cancelled.MISSING;
			case -2 -> Cancelled.ENDED;
			default -> Cancelled.ELSEWHERE;
		};
	}

	@Override
	public Answer beginDeletion(String queue, boolean force) {
		Args args = new Args(2 + DAYS).flag(force).add(this.time.nowNanos());
		LocalDate tomorrow = this.time.today().plusDays(1);
		for (int i = 0; i <= DAYS; i++) {
			args.add(tomorrow.minusDays(i).toString());
		}
		Answer answer = answer(number(DELETE_QUEUE, queue, args));
		if (answer == Answer.DONE) {
			this.redis.srem(Args.utf8(Keys.QUEUES), Args.utf8(queue));
		}
		return answer;
	}

	@Override
	public int deleteSome(String queue, int limit) {
		return (int) number(DELETE_PART, queue, new Args(1).add(limit));
	}

	private static Answer answer(long code) {
		return switch ((int) code) {
			case 1 -> Answer.DONE;
			case 0 -> Answer.MISSING;
			case -1 -> Answer.ACTIVE;
			case -2 -> Answer.ALREADY;
			case -3 -> Answer.ELSEWHERE;
			case -4 -> Answer.CHANGED;
			case -5 -> Answer.LOCKED;
			default -> throw new IllegalStateException("unknown answer " + code);
		};
	}

	private Reply eval(Script script, String queue, Args args) {
		return Reply.of(script, this.redis.eval(script, Keys.queue(queue), args));
	}

	private long number(Script script, String queue, Args args) {
		return Reply.number(script, this.redis.eval(script, Keys.queue(queue), args));
	}

}
