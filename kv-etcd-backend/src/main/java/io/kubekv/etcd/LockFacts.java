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
    return new LockRules(facts::isAlive, this::isDelayed);
  }

  /**
   * A delay that began counts from when this process has seen it. One that has not begun, because
   * the key still names the session that has ended, counts from when it will.
   */
  private boolean isDelayed(Key key) {
    boolean delayed = facts.delay(key).filter(delay -> !index.isOver(key, delay)).isPresent();
    return delayed || facts.record(key).filter(this::awaitsItsEnd).isPresent();
  }

  private boolean awaitsItsEnd(EntryRecord record) {
    Optional<SessionId> dead =
        record.entry().lock().holder().filter(holder -> !facts.isAlive(holder));
    return dead.isPresent()
        && record
            .terms()
            .filter(terms -> terms.lockDelay().compareTo(Duration.ZERO) > 0)
            .isPresent();
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
