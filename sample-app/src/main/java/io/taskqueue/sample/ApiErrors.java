package io.taskqueue.sample;

import io.taskqueue.InvalidCronExpressionException;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Answers errors as problem details. Requests check themselves when they are read, with
 * messages for whoever sent them.
 */
@RestControllerAdvice
class ApiErrors extends ResponseEntityExceptionHandler {

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		String detail = (cause instanceof IllegalArgumentException) ? cause.getMessage()
				: "The body is not the JSON that this address expects";
		return handleExceptionInternal(ex, ProblemDetail.forStatusAndDetail(status, String.valueOf(detail)), headers,
				status, request);
	}

	@ExceptionHandler({ InvalidCronExpressionException.class, InvalidTaskException.class })
	ProblemDetail onInvalid(TaskQueueException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
	}

	/** Nothing is lost: whoever sent the request knows, and may send it again. */
	@ExceptionHandler
	ProblemDetail onRedisAway(TaskQueueUnavailableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(ex.getMessage()));
	}

}
