package io.taskqueue.faults;

import io.taskqueue.testing.TestRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/**
 * Ways in which Redis does not serve for a while.
 */
enum Outage {

	/** Its machine lost power; all data comes back. */
	KILLED {
		@Override
		void begin(TestRedis redis) {
			redis.kill();
		}

		@Override
		void end(TestRedis redis) {
			redis.restart();
		}
	},

	/** It takes commands and executes them later, without an answer that still counts. */
	FROZEN {
		@Override
		void begin(TestRedis redis) {
			redis.freeze();
		}

		@Override
		void end(TestRedis redis) {
			redis.thaw();
		}
	},

	/** It puts off whatever writes. */
	PAUSED {
		@Override
		void begin(TestRedis redis) {
			try (Jedis jedis = redis.jedis()) {
				jedis.clientPause(60_000, ClientPauseMode.WRITE);
			}
		}

		@Override
		void end(TestRedis redis) {
			try (Jedis jedis = redis.jedis()) {
				jedis.clientUnpause();
			}
		}
	},

	/** It refuses scripts. */
	FORBIDDING {
		@Override
		void begin(TestRedis redis) {
			try (Jedis jedis = redis.jedis()) {
				jedis.aclSetUser("default", "-@scripting");
			}
		}

		@Override
		void end(TestRedis redis) {
			try (Jedis jedis = redis.jedis()) {
				jedis.aclSetUser("default", "+@scripting");
			}
		}
	};

	abstract void begin(TestRedis redis);

	abstract void end(TestRedis redis);

}
