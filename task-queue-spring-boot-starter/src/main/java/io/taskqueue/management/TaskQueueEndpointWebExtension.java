package io.taskqueue.management;

import io.taskqueue.management.TaskQueueEndpoint.TaskAction;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers 404 over HTTP when a task to be changed is not there; Boot does so by itself
 * only for what is read.
 */
@EndpointWebExtension(endpoint = TaskQueueEndpoint.class)
final class TaskQueueEndpointWebExtension {

	private final TaskQueueEndpoint endpoint;

	TaskQueueEndpointWebExtension(TaskQueueEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	@WriteOperation
	WebEndpointResponse<Void> changeTask(@Selector String queue, @Selector String tasks, @Selector String id,
			TaskAction action) {
		return response(this.endpoint.changeTask(queue, tasks, id, action));
	}

	@DeleteOperation
	WebEndpointResponse<Void> deleteTask(@Selector String queue, @Selector String tasks, @Selector String id) {
		return response(this.endpoint.deleteTask(queue, tasks, id));
	}

	private static WebEndpointResponse<Void> response(boolean found) {
		return new WebEndpointResponse<>(
				found ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
