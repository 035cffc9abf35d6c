package io.kubekv;

/**
 * A read was to be answered from the state at a revision that has not come ({@link Freshness.At}),
 * or all before such a one to be forgotten ({@link KeyValueStore#compact}).
 */
public final class FutureRevisionException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final transient Revision wanted;
  private final transient Revision latest;

  /**
   * @param wanted the revision that was asked for
   * @param latest the revision of the latest change
   */
  public FutureRevisionException(Revision wanted, Revision latest) {
    super(
        "revision %s has not come; the store is at %s".formatted(wanted, latest),
        Advice.DO_NOT_RETRY);
    this.wanted = wanted;
    this.latest = latest;
  }

  /** The revision that was asked for. */
  public Revision wanted() {
    return wanted;
  }

  /** The revision of the latest change. */
  public Revision latest() {
    return latest;
  }
}
