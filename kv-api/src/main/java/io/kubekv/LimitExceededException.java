package io.kubekv;

/** A request is over one of the {@link Limits}, named here. Nothing was applied; do not retry. */
public final class LimitExceededException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final String limit;
  private final String unit;
  private final long actual;
  private final long allowed;

  public LimitExceededException(String limit, String unit, long actual, long allowed) {
    super(
        limit + " is " + actual + " " + unit + ", at most " + allowed + " allowed",
        Advice.DO_NOT_RETRY);
    this.limit = limit;
    this.unit = unit;
    this.actual = actual;
    this.allowed = allowed;
  }

  /**
   * The limit's name: key length, value size, key depth, number of entries, session name, session
   * note, number of sessions, transaction size (operations), transaction value size, metadata size.
   */
  public String limit() {
    return limit;
  }

  /** What the numbers count: bytes, path elements, entries, sessions or operations. */
  public String unit() {
    return unit;
  }

  /** What the request came to. */
  public long actual() {
    return actual;
  }

  /** The most that is accepted. */
  public long allowed() {
    return allowed;
  }
}
