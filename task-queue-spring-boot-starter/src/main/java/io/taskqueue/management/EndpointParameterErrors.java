package io.taskqueue.management;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.invoke.ParameterMappingException;

/**
 * Says which parameter of our endpoint has a wrong value and which values it takes; Boot
 * says only that there is one.
 */
final class EndpointParameterErrors implements OperationInvokerAdvisor {

	private static final EndpointId ENDPOINT = EndpointId.of("taskqueues");

	@Override
	public OperationInvoker apply(EndpointId endpoint, OperationType type, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpoint.equals(ENDPOINT)) {
			return invoker;
		}
		return (context) -> {
			try {
				return invoker.invoke(context);
			}
			catch (ParameterMappingException ex) {
				String reason = "%s must be %s: %s".formatted(ex.getParameter().getName(),
						expected(ex.getParameter().getType()), ex.getValue());
				throw new InvalidEndpointRequestException(reason, reason, ex);
			}
		};
	}

	private static String expected(Class<?> type) {
		Object[] constants = type.getEnumConstants();
		if (constants == null) {
			return "of type " + type.getSimpleName();
		}
		return Stream.of(constants)
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT))
			.collect(Collectors.joining(", ", "one of ", ""));
	}

}
