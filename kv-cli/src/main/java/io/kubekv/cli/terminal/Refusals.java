package io.kubekv.cli.terminal;

import io.kubekv.Entry;
import io.kubekv.Refused;

/** Says why a change did not happen. */
public final class Refusals {
  private Refusals() {}

  /** Tells a person on standard error and, when asked for JSON, a script on standard output. */
  public static int report(Terminal terminal, OutputOptions output, String key, Refused refused) {
    if (output.kind() == Format.Kind.NODE) {
      output.print(terminal.out(), Json.refused(refused));
    }
    terminal.say(Texts.line(key) + ": " + explain(refused));
    return ExitCodes.REFUSED;
  }

  public static String explain(Refused refused) {
    String at = refused.entry().map(Refusals::where).orElse("");
    return switch (refused.reason()) {
      case EXISTS -> "the key exists" + at;
      case MISSING -> "no such key";
      case CHANGED -> "the key is not as expected" + at;
      case IS_DIRECTORY -> "the key is a directory";
      case NOT_A_DIRECTORY -> "something above the key is a value" + at;
      case NOT_EMPTY -> "the directory is not empty (delete it with --tree)";
      case HELD -> "another session holds the key" + holder(refused);
      case LOCK_DELAYED -> "the key cannot be locked yet: the lock delay of its last holder runs";
      case NOT_HELD -> "the session does not hold the key";
      case NO_SESSION -> "there is no such session, or it has ended";
      case NO_PARENT -> "there is no node above the key";
      case EPHEMERAL_PARENT -> "the node above the key ends with a session" + at;
      case FENCED -> "the fencing token is older than one that the key has seen" + fence(refused);
    };
  }

  private static String where(Entry entry) {
    return " (" + Texts.line(entry.key().text()) + " at revision " + entry.modifyRevision() + ")";
  }

  private static String holder(Refused refused) {
    return refused
        .entry()
        .flatMap(entry -> entry.lock().holder())
        .map(id -> " (" + id + ")")
        .orElse("");
  }

  private static String fence(Refused refused) {
    return refused
        .entry()
        .flatMap(entry -> entry.lock().fence())
        .map(token -> " (" + token + ")")
        .orElse("");
  }
}
