package io.kubekv.etcd;

import io.kubekv.Key;
import io.kubekv.LockRules;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.SessionId;
import java.time.Duration;
import java.util.Optional;

/** The rules of locks on the facts of one decision. */
final class LockFacts {
  private final Facts facts;
  private final Index index;

  LockFacts(Facts facts, Index index) {
    this.facts = facts;
    this.index = index;
  }

  LockRules rules() {
    return new LockRules(facts::isAlive, this::delay);
  }

  /**
   * What is left of a lock delay. One that began counts from when this process has seen it. One
   * that has not begun, because the key still names the session that has ended, counts from when it
   * will.
   */
  private Duration delay(Key key) {
    Duration begun = facts.delay(key).map(delay -> index.leftOf(key, delay)).orElse(Duration.ZERO);
    return begun.isPositive()
        ? begun
        : facts.record(key).filter(this::namesTheDead).map(this::toCome).orElse(Duration.ZERO);
  }

  private boolean namesTheDead(EntryRecord record) {
    return record.entry().lock().holder().filter(holder -> !facts.isAlive(holder)).isPresent();
  }

  private Duration toCome(EntryRecord record) {
    return record.terms().map(HolderTerms::lockDelay).orElse(Duration.ZERO);
  }

  /** The terms that the entry keeps after a put. */
  Optional<HolderTerms> termsAfter(PutRequest request, Optional<EntryRecord> current) {
    return switch (request.locking()) {
      case Locking.None none -> current.flatMap(EntryRecord::terms);
      case Locking.Acquire acquire -> termsOf(acquire.session());
      case Locking.Release release -> Optional.empty();
      case Locking.HandOver over -> termsOf(over.next());
    };
  }

  private Optional<HolderTerms> termsOf(SessionId id) {
    return facts.session(id).map(record -> HolderTerms.of(record.session().spec()));
  }

  /** Whether an acquisition finds a lock delay that is over and can be forgotten. */
  boolean hasOldDelay(PutRequest request) {
    return request.locking() instanceof Locking.Acquire && facts.delay(request.key()).isPresent();
  }
}
