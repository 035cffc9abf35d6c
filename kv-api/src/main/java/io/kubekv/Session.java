package io.kubekv;

/**
 * A session that lives.
 *
 * @param spec what was said at its creation
 * @param createRevision the revision of its creation
 * @param modifyRevision the revision of its last change; renewals need not be changes
 */
public record Session(SessionSpec spec, Revision createRevision, Revision modifyRevision) {
  public SessionId id() {
    return spec.id();
  }
}
