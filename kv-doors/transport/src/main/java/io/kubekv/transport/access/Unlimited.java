package io.kubekv.transport.access;

import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.Optional;

/** May everything. */
record Unlimited() implements Access {
  @Override
  public String user() {
    return "";
  }

  @Override
  public void require(Verb verb, Range range) {
    // allowed
  }

  @Override
  public boolean allows(Verb verb, Range range) {
    return true;
  }

  @Override
  public boolean isKnown(Verb verb, Range range) {
    return true;
  }

  @Override
  public void requireSessions(Verb verb) {
    // allowed
  }

  @Override
  public boolean isKnownOfSessions(Verb verb) {
    return true;
  }

  @Override
  public void requireReplica() {
    // allowed
  }

  @Override
  public boolean isReplica() {
    return true;
  }

  @Override
  public boolean isKnownReplica() {
    return true;
  }

  @Override
  public void done(Verb verb, Range range, Audit.Outcome outcome, Optional<Revision> revision) {
    // nobody knows who it was
  }

  @Override
  public void compacted(Audit.Outcome outcome) {
    // nobody knows who it was
  }

  @Override
  public Hold hold(Verb verb, Range range, Runnable revoked) {
    return () -> {};
  }
}
