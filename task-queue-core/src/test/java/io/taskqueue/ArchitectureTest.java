package io.taskqueue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Keeps the packages of the core in layers.
 */
class ArchitectureTest {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.taskqueue");

	@Test
	void packagesHaveNoCycles() {
		slices().matching("io.taskqueue.(*)..").should().beFreeOfCycles().allowEmptyShould(true).check(CLASSES);
	}

	@Test
	void coreDoesNotKnowSpringBoot() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void apiDependsOnNoSubpackage() {
		noClasses().that()
			.resideInAPackage("io.taskqueue")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.taskqueue.*..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void onlyTheRuntimeUsesRedisStorage() {
		noClasses().that()
			.resideOutsideOfPackages("io.taskqueue.runtime..", "io.taskqueue.redis..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.taskqueue.redis..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

}
