package io.kubekv.cli.keys;

import io.kubekv.Freshness;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** At which revision a verb reads. */
final class RevisionOption {
  @Option(
      names = "--rev",
      paramLabel = "N",
      description = "The state as it stood at this revision, while the history reaches back (now).")
  @Nullable String revision;

  Freshness freshness() {
    return revision == null
        ? Freshness.LINEARIZABLE
        : new Freshness.At(Conditions.revision(revision));
  }
}
