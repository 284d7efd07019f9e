package io.taskqueue.cron;

import io.taskqueue.TaskOptions;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/**
 * A process that only schedules, until its input ends.
 */
final class CronMain {

	private CronMain() {
	}

	public static void main(String[] args) throws Exception {
		JedisConnectionFactory factory = new JedisConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", Integer.parseInt(args[0])));
		factory.afterPropertiesSet();
		TaskQueue queue = TaskQueue.connect(factory, TaskQueueOptions.standard("app"));
		CronTaskRegistry registry = queue.cronTasks(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS, CronOptions.DEFAULTS);
		CronScheduler scheduler = new CronScheduler(registry, () -> CronSources.NONE, CronListener.NONE);
		scheduler.start();
		while (System.in.read() >= 0) {
			// Until the parent ends
		}
		scheduler.stop();
		queue.close();
	}

}
