package io.taskqueue.testing;

import java.util.List;
import java.util.function.Function;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/**
 * Makes a plain Jedis work on a cluster: each command is tried at one node after the
 * other, until one has its key.
 */
final class ClusterConnection extends Connection {

	private final List<Connection> nodes;

	private int current;

	ClusterConnection(List<TestRedis> nodes) {
		this.nodes = nodes.stream().map((node) -> new Connection(node.host(), node.port())).toList();
	}

	@Override
	public <T> T executeCommand(CommandObject<T> command) {
		return atItsNode((node) -> node.executeCommand(command));
	}

	@Override
	public Object executeCommand(CommandArguments command) {
		return atItsNode((node) -> node.executeCommand(command));
	}

	private <T> T atItsNode(Function<Connection, T> command) {
		JedisMovedDataException elsewhere = null;
		for (int tried = 0; tried < this.nodes.size(); tried++) {
			try {
				return command.apply(this.nodes.get(this.current));
			}
			catch (JedisMovedDataException ex) {
				elsewhere = ex;
				this.current = (this.current + 1) % this.nodes.size();
			}
		}
		throw new IllegalStateException("No node has the key", elsewhere);
	}

	@Override
	public void close() {
		this.nodes.forEach(Connection::close);
	}

}
