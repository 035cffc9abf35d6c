package io.kubekv.cli.keys;

import io.kubekv.Bytes;
import io.kubekv.Precondition;
import io.kubekv.Revision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Under what condition a change happens; several that cannot hold together are refused. */
final class Conditions {
  @Option(names = "--if-absent", description = "Only if there is no such key.")
  boolean absent;

  @Option(names = "--if-present", description = "Only if there is such a key.")
  boolean present;

  @Option(
      names = "--if-revision",
      paramLabel = "N",
      description = "Only if N is the key's modify revision.")
  @Nullable String revision;

  @Option(
      names = "--if-value",
      paramLabel = "TEXT",
      description = "Only if TEXT is the key's value.")
  @Nullable String value;

  Precondition precondition() {
    boolean matching = revision != null || value != null;
    if ((absent && (present || matching)) || (present && matching)) {
      throw new IllegalArgumentException(
          "--if-absent, --if-present and --if-revision or --if-value exclude each other");
    }
    if (revision != null && value != null) {
      return new Precondition.RevisionAndValueAre(revision(revision), Bytes.utf8(value));
    }
    if (revision != null) {
      return new Precondition.RevisionIs(revision(revision));
    }
    if (value != null) {
      return new Precondition.ValueIs(Bytes.utf8(value));
    }
    return absent ? Precondition.ABSENT : present ? Precondition.PRESENT : Precondition.NONE;
  }

  /** Reads a revision; {@link IllegalArgumentException} when it is none. */
  static Revision revision(String text) {
    try {
      return Revision.parse(text);
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException("'" + text + "' is not a revision", notOne);
    }
  }
}
