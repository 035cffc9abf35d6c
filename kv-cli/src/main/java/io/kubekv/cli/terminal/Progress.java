package io.kubekv.cli.terminal;

import java.util.OptionalLong;

/** A line on a person's terminal that says how far it is; nothing elsewhere. Thread-safe. */
public final class Progress {
  private static final long INTERVAL_NANOS = 100_000_000;
  private static final int BAR = 30;
  private static final String CLEAR = "\r\u001b[K";

  private final Terminal terminal;
  private final OptionalLong total;
  private final long begun = System.nanoTime();
  private long shownNanos = begun;
  private long done;

  public Progress(Terminal terminal, OptionalLong total) {
    this.terminal = terminal;
    this.total = total;
  }

  public synchronized void one() {
    done++;
    long now = System.nanoTime();
    if (terminal.errIsPerson() && now - shownNanos > INTERVAL_NANOS) {
      shownNanos = now;
      terminal.err().print(CLEAR + line(now));
      terminal.err().flush();
    }
  }

  /** Removes the line. */
  public synchronized void end() {
    if (terminal.errIsPerson()) {
      terminal.err().print(CLEAR);
      terminal.err().flush();
    }
  }

  private String line(long now) {
    long rate = done * 1_000_000_000 / Math.max(1, now - begun);
    String keys = total.isPresent() ? done + " of " + total.getAsLong() : String.valueOf(done);
    return bar() + keys + " keys, " + rate + " a second";
  }

  private String bar() {
    if (total.isEmpty() || total.getAsLong() == 0) {
      return "";
    }
    int full = (int) Math.min(BAR, done * BAR / total.getAsLong());
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] ";
  }
}
