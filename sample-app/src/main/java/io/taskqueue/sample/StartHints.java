package io.taskqueue.sample;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Says in the log what to try.
 */
@Component
class StartHints {

	private static final Logger logger = LoggerFactory.getLogger(StartHints.class);

	@EventListener
	void onReady(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port", "8080");
		logger.info("""
				Try

				  A wrong password, three times: bob is locked
				    curl -X POST localhost:%1$s/login -H 'Content-Type: application/json' \
				-d '{"username":"bob","password":"guess"}'
				    curl localhost:%1$s/users/bob

				  An order that expires unless it is paid in time
				    curl -X POST localhost:%1$s/orders -H 'Content-Type: application/json' \
				-d '{"item":"tea","payWithinSeconds":5}'
				    curl localhost:%1$s/orders/<id>
				    curl -X POST localhost:%1$s/orders/<id>/pay

				  An email that is sent at the third attempt
				    curl -X POST localhost:%1$s/emails -H 'Content-Type: application/json' \
				-d '{"to":"ann@example.com","subject":"Hello","failures":2}'
				    curl localhost:%1$s/emails/<taskId>
				""".formatted(port));
	}

}
