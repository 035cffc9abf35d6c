package io.kubekv.cli.terminal;

import io.kubekv.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a verb ends, for scripts. docs/cli.md has this list. */
public final class ExitCodes {
  public static final int DONE = 0;

  /** Refused: no such key, a precondition that did not hold, a limit; nothing was changed. */
  public static final int REFUSED = 1;

  public static final int USAGE = 2;

  /** The server could not be reached or could not answer; nothing was changed. */
  public static final int UNAVAILABLE = 3;

  /** A change was sent and no answer came: read, then decide. */
  public static final int UNKNOWN = 4;

  /** A watch cannot go on: changes were forgotten before they were delivered. */
  public static final int HISTORY_GONE = 5;

  /** The lock was lost while the command ran. */
  public static final int LOCK_LOST = 125;

  /** The command was found and could not be run. */
  public static final int CANNOT_RUN = 126;

  private ExitCodes() {}

  public static int of(StoreException failure) {
    return switch (failure.advice()) {
      case RETRY -> UNAVAILABLE;
      case READ_THEN_DECIDE -> UNKNOWN;
      case DO_NOT_RETRY -> REFUSED;
    };
  }

  /** For the foot of every verb's help. */
  public static Map<String, String> help() {
    Map<String, String> help = new LinkedHashMap<>();
    help.put(" 0", "Done.");
    help.put(" 1", "Refused: no such key, a precondition that did not hold, a limit.");
    help.put(" 2", "Wrong usage.");
    help.put(" 3", "The server cannot be reached or cannot answer; nothing was changed.");
    help.put(" 4", "No answer came to a change: read, then decide.");
    return help;
  }
}
