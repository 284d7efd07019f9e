package io.taskqueue.management;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.core.Ordered;

/**
 * Makes a health indicator a member of the readiness group, however that came to be.
 */
record ReadinessGroups(String member) implements HealthEndpointGroupsPostProcessor, Ordered {

	private static final String READINESS = "readiness";

	/** After Boot's, which adds the group. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
		return new Groups(groups, this.member);
	}

	private record Groups(HealthEndpointGroups groups, String member) implements HealthEndpointGroups {

		@Override
		public HealthEndpointGroup getPrimary() {
			return this.groups.getPrimary();
		}

		@Override
		public Set<String> getNames() {
			return this.groups.getNames();
		}

		@Override
		public @Nullable HealthEndpointGroup get(String name) {
			HealthEndpointGroup group = this.groups.get(name);
			return (group != null && name.equals(READINESS)) ? new Group(group, this.member) : group;
		}

		@Override
		public @Nullable HealthEndpointGroup get(AdditionalHealthEndpointPath path) {
			return widened(this.groups.get(path));
		}

		private @Nullable HealthEndpointGroup widened(@Nullable HealthEndpointGroup group) {
			HealthEndpointGroup readiness = this.groups.get(READINESS);
			boolean same = group != null && readiness != null && readiness.getAdditionalPath() != null
					&& readiness.getAdditionalPath().equals(group.getAdditionalPath());
			return (group != null && same) ? new Group(group, this.member) : group;
		}

		@Override
		public Set<HealthEndpointGroup> getAllWithAdditionalPath(WebServerNamespace namespace) {
			return this.groups.getAllWithAdditionalPath(namespace);
		}

	}

	private record Group(HealthEndpointGroup group, String member) implements HealthEndpointGroup {

		@Override
		public boolean isMember(String name) {
			return name.equals(this.member) || this.group.isMember(name);
		}

		@Override
		public boolean showComponents(SecurityContext securityContext) {
			return this.group.showComponents(securityContext);
		}

		@Override
		public boolean showDetails(SecurityContext securityContext) {
			return this.group.showDetails(securityContext);
		}

		@Override
		public StatusAggregator getStatusAggregator() {
			return this.group.getStatusAggregator();
		}

		@Override
		public HttpCodeStatusMapper getHttpCodeStatusMapper() {
			return this.group.getHttpCodeStatusMapper();
		}

		@Override
		public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
			return this.group.getAdditionalPath();
		}

	}

}
