package io.kubekv.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/**
 * What this program is. Everything in it is of the sources, and nothing of the moment or the
 * machine of the build, so that two builds of the same sources say the same.
 *
 * @param version the project's, from the jar's manifest; "development" outside a jar
 * @param revision git's name of the sources' commit; "unknown" where they were in no repository
 * @param committed when that was committed, in UTC; "unknown" likewise
 * @param modified whether the sources were not those of the commit
 * @param packaging how it was started: "image", "launcher", or "class path" by somebody else
 */
public record BuildInfo(
    String version, String revision, String committed, boolean modified, String packaging) {
  private static final String UNKNOWN = "unknown";

  /** Set by the image and by the launcher. */
  private static final String PACKAGING = "kubekv.packaging";

  /** This program's own. */
  public static BuildInfo own() {
    return of(
        BuildInfo.class.getPackage().getImplementationVersion(),
        git(),
        System.getProperty(PACKAGING, "class path"));
  }

  static BuildInfo of(@Nullable String version, Properties git, String packaging) {
    return new BuildInfo(
        Optional.ofNullable(version).orElse("development"),
        git.getProperty("git.commit.id.full", UNKNOWN),
        git.getProperty("git.commit.time", UNKNOWN),
        Boolean.parseBoolean(git.getProperty("git.dirty")),
        packaging);
  }

  /** Empty where the sources were in no repository: nothing is written then. */
  private static Properties git() {
    Properties git = new Properties();
    try (InputStream file = BuildInfo.class.getResourceAsStream("git.properties")) {
      if (file != null) {
        git.load(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("git.properties of the program cannot be read", failure);
    }
    return git;
  }

  /** The lines of {@code --version}. */
  public static final class Lines implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kubekv " + own().version(), "Java " + Runtime.version()};
    }
  }
}
