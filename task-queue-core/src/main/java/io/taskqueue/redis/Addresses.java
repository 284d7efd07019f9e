package io.taskqueue.redis;

import java.util.Collection;
import java.util.stream.Collectors;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.ClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.DomainSocketConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.SentinelConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithHostAndPort;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;

/**
 * Says where Redis is, for messages.
 */
final class Addresses {

	private Addresses() {
	}

	static String describe(RedisConfiguration configuration) {
		if (configuration instanceof ClusterConfiguration cluster) {
			return "cluster " + nodes(cluster.getClusterNodes());
		}
		if (configuration instanceof SentinelConfiguration sentinel) {
			String master = (sentinel.getMaster() != null) ? sentinel.getMaster().getName() : "unknown";
			return "master " + master + " of Sentinel " + nodes(sentinel.getSentinels());
		}
		if (configuration instanceof DomainSocketConfiguration socket) {
			return "socket " + socket.getSocket();
		}
		if (configuration instanceof WithHostAndPort server) {
			return server.getHostName() + ":" + server.getPort();
		}
		if (configuration instanceof RedisStaticMasterReplicaConfiguration servers) {
			return servers.getNodes()
				.stream()
				.map((node) -> node.getHostName() + ":" + node.getPort())
				.collect(Collectors.joining(","));
		}
		return configuration.toString();
	}

	private static String nodes(Collection<RedisNode> nodes) {
		return nodes.stream().map(RedisNode::asString).sorted().collect(Collectors.joining(","));
	}

}
