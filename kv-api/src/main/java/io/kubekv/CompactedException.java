package io.kubekv;

/**
 * A read was to be answered from a state that the store no longer knows ({@link Freshness.At}), or
 * the store was to forget what it has forgotten already ({@link KeyValueStore#compact}). Reading at
 * {@link #oldest} or later, or without a revision, has an answer.
 */
public final class CompactedException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final transient Revision wanted;
  private final transient Revision oldest;

  /**
   * @param wanted the revision that was asked for
   * @param oldest the first one whose state is known
   */
  public CompactedException(Revision wanted, Revision oldest) {
    super(
        "the state at revision %s is forgotten; the first that is known is that at %s"
            .formatted(wanted, oldest),
        Advice.DO_NOT_RETRY);
    this.wanted = wanted;
    this.oldest = oldest;
  }

  /** The revision that was asked for. */
  public Revision wanted() {
    return wanted;
  }

  /** The first revision whose state is known. */
  public Revision oldest() {
    return oldest;
  }
}
