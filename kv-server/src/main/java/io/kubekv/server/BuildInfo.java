package io.kubekv.server;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What this program is. */
final class BuildInfo implements IVersionProvider {
  /** The project's version, from the jar's manifest; "development" outside a jar. */
  static String version() {
    return Optional.ofNullable(BuildInfo.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"kubekv " + version(), "Java " + Runtime.version()};
  }
}
