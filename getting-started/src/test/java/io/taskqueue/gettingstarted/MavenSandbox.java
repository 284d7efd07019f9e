package io.taskqueue.gettingstarted;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Runs Maven on a local repository of its own below {@code target}. This build's modules
 * are put there; everything else is copied, when it is needed, from the repository that
 * this build uses, which is only read. What is not there, such as a plugin that this
 * build does not run, comes from where the user's Maven gets it.
 */
final class MavenSandbox {

	private static final List<String> MODULES = List.of("task-queue-core", "task-queue-spring-boot-starter",
			"task-queue-embedded-redis");

	private final Path executable;

	private final String version;

	private final Path repository = Path.of("target", "repository").toAbsolutePath();

	private final Path settings = Path.of("target", "settings.xml").toAbsolutePath();

	private MavenSandbox(Path executable, String version) {
		this.executable = executable;
		this.version = version;
	}

	/**
	 * Finds the Maven that runs this build, or else the one on the path.
	 * @param version the version of this build
	 */
	static Optional<MavenSandbox> find(String version) {
		@Nullable String home = System.getProperty("taskqueue.maven.home");
		Stream<Path> places = Stream.concat(Stream.ofNullable(home).map((folder) -> Path.of(folder, "bin")),
				Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).map(Path::of));
		return places.map((place) -> place.resolve("mvn"))
			.filter(Files::isExecutable)
			.findFirst()
			.map((executable) -> new MavenSandbox(executable, version));
	}

	/**
	 * Puts this build's modules into the repository, as {@code mvn install} would.
	 */
	void install() throws IOException {
		Path group = this.repository.resolve(Path.of("io", "taskqueue"));
		copy(Path.of("..", "pom.xml"), group, "task-queue-parent", ".pom");
		for (String module : MODULES) {
			copy(Path.of("..", module, "pom.xml"), group, module, ".pom");
			copy(Path.of("..", module, "target", module + "-" + this.version + ".jar"), group, module, ".jar");
		}
	}

	/**
	 * Starts Maven.
	 * @param folder where
	 * @param arguments goals and options
	 * @param output the file that gets what it writes
	 */
	Process start(Path folder, List<String> arguments, Path output) throws IOException {
		Path filled = Path.of(System.getProperty("taskqueue.maven.repository",
				Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
		Files.writeString(this.settings, """
				<settings>
					<profiles>
						<profile>
							<id>filled</id>
							<repositories>
								<repository>
									<id>filled</id>
									<url>%1$s</url>
								</repository>
							</repositories>
							<pluginRepositories>
								<pluginRepository>
									<id>filled</id>
									<url>%1$s</url>
								</pluginRepository>
							</pluginRepositories>
						</profile>
					</profiles>
					<activeProfiles>
						<activeProfile>filled</activeProfile>
					</activeProfiles>
				</settings>
				""".formatted(filled.toUri()));
		List<String> command = new ArrayList<>(
				List.of(this.executable.toString(), "--batch-mode", "--no-transfer-progress", "--global-settings",
						this.settings.toString(), "-Dmaven.repo.local=" + this.repository));
		command.addAll(arguments);
		ProcessBuilder maven = new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
		return maven.start();
	}

	private void copy(Path file, Path group, String artifact, String suffix) throws IOException {
		Path folder = Files.createDirectories(group.resolve(Path.of(artifact, this.version)));
		Files.copy(file, folder.resolve(artifact + "-" + this.version + suffix), StandardCopyOption.REPLACE_EXISTING);
	}

}
