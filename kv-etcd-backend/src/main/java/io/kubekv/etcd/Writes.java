package io.kubekv.etcd;

import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries changes out. A change is decided on the index, as a guess that is mostly right, and sent
 * as one transaction that compares all it was decided on; if something differs, the same
 * transaction answers with what is there, and that decides the next round. A refusal is only given
 * from what etcd has just answered. Thread-safe.
 *
 * <p>A change has happened when its own event has come by the watch: that says what it came to,
 * also when the answer was lost, and what was acknowledged is in the index.
 */
final class Writes {
  private final Etcd etcd;
  private final EtcdKeys keys;
  private final Index index;
  private final Guard guard;
  private final Leases leases;
  private final Health health;
  private final EtcdStoreConfig config;
  private final String process;
  private final AtomicLong numbers = new AtomicLong();

  Writes(
      Etcd etcd,
      EtcdKeys keys,
      Index index,
      Guard guard,
      Leases leases,
      Health health,
      EtcdStoreConfig config,
      String process) {
    this.etcd = etcd;
    this.keys = keys;
    this.index = index;
    this.guard = guard;
    this.leases = leases;
    this.health = health;
    this.config = config;
    this.process = process;
  }

  /** Whether this process has made a write. */
  boolean isOurs(WriteId id) {
    return id.process().equals(process);
  }

  /** Carries a change out within the deadline. */
  <T> T run(Change<T> change, Deadline deadline) {
    health.awaitReady(deadline);
    View view = index;
    Set<Span> wanted = new LinkedHashSet<>();
    Optional<Leases.Lease> lease = Optional.empty();
    boolean leaseUsed = false;
    try {
      while (true) {
        requireTime(deadline);
        Facts facts = new Facts(view, keys);
        Decision<T> decision = change.decide(facts);
        wanted.addAll(facts.spans());
        boolean guess = view == index;
        if (!facts.complete()) {
          view = fetch(wanted, deadline);
          continue;
        }
        switch (decision) {
          case Decision.Answer<T> answer -> {
            if (!guess) {
              return answer.outcome();
            }
            view = fetch(wanted, deadline);
          }
          case Decision.First<T> first -> {
            Round round =
                guess
                    ? new Again(fetch(wanted, deadline))
                    : send(first.operations(), facts, 0, wanted, deadline);
            view = round instanceof Again again ? again.view() : index;
          }
          case Decision.Write<T> write -> {
            if (write.life().isPresent() && lease.isEmpty()) {
              lease = Optional.of(grant(write.life().get(), deadline));
            }
            long number = lease.map(Leases.Lease::lease).orElse(0L);
            Round round = send(write.operations(), facts, number, wanted, deadline);
            switch (round) {
              case Again again -> view = again.view();
              case NoLease ended -> lease = Optional.empty();
              case Done done -> {
                leaseUsed = true;
                lease.ifPresent(used -> leases.prolong(used, deadline));
                return write.outcome().apply(done.seen());
              }
            }
          }
        }
      }
    } finally {
      if (!leaseUsed) {
        lease.ifPresent(unused -> leases.release(unused.lease()));
      }
    }
  }

  /** What sending a transaction came to. */
  private sealed interface Round {}

  private record Done(PendingWrite.Seen seen) implements Round {}

  private record Again(View view) implements Round {}

  private record NoLease() implements Round {}

  private Round send(
      Decision.Made operations, Facts facts, long lease, Set<Span> wanted, Deadline deadline) {
    WriteId id = new WriteId(process, numbers.incrementAndGet());
    TxnRequest.Builder request =
        TxnRequest.newBuilder()
            .addCompare(Facts.unchanged(guard.span(), guard.revision()))
            .addAllCompare(facts.comparisons())
            .addAllSuccess(operations.of(id, lease))
            .addAllFailure(readings(wanted));
    try (PendingWrite pending = index.expect(id)) {
      try {
        TxnResponse answer = etcd.txn(request.build(), deadline.butWithin(config.requestTimeout()));
        return answer.getSucceeded()
            ? new Done(awaitEvent(pending, deadline))
            : new Again(view(answer, wanted, deadline));
      } catch (EtcdFailure failed) {
        return switch (failed.kind()) {
          case UNKNOWN -> settle(pending, failed, wanted, deadline);
          case LEASE_ENDED -> new NoLease();
          case REFUSED, OVERLOADED, OUT_OF_RANGE, LOGIN_ENDED -> throw failed.asNotApplied();
        };
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted after the change was sent");
    }
  }

  private PendingWrite.Seen awaitEvent(PendingWrite pending, Deadline deadline)
      throws InterruptedException {
    return pending
        .await(deadline)
        .orElseThrow(
            () -> new OutcomeUnknownException("applied, but the watch has not told to what end"));
  }

  /** After a lost answer: see the guard that follows the write, and with it the write, or not. */
  private Round settle(PendingWrite pending, EtcdFailure lost, Set<Span> wanted, Deadline deadline)
      throws InterruptedException {
    while (!deadline.passed() && !Thread.currentThread().isInterrupted()) {
      try {
        Revision fence = guard.put(deadline.butWithin(config.requestTimeout()));
        if (!index.awaitRevision(fence, deadline)) {
          break;
        }
        return pending
            .seen()
            .<Round>map(Done::new)
            .orElseGet(() -> new Again(fetch(wanted, deadline)));
      } catch (EtcdFailure failed) {
        if (pending.seen().isPresent()) {
          return new Done(pending.seen().get());
        }
        health.pause(deadline);
      }
    }
    return pending
        .seen()
        .<Round>map(Done::new)
        .orElseThrow(() -> new OutcomeUnknownException("no answer came from etcd", lost));
  }

  /** Reads what a decision looks at, in one transaction. */
  private View fetch(Set<Span> wanted, Deadline deadline) {
    TxnRequest request = TxnRequest.newBuilder().addAllSuccess(readings(wanted)).build();
    TxnResponse answer = health.asking(deadline, within -> etcd.txn(request, within));
    return view(answer, wanted, deadline);
  }

  private View view(TxnResponse answer, Set<Span> wanted, Deadline deadline) {
    Revision at = new Revision(answer.getHeader().getRevision());
    Revision found =
        answer.getResponses(0).getResponseRange().getKvsList().stream()
            .findFirst()
            .map(stored -> new Revision(stored.getModRevision()))
            .orElse(Revision.ZERO);
    try {
      guard.restore(found, deadline);
    } catch (EtcdFailure failed) {
      throw failed.asNotApplied();
    }
    return new FetchedView(
        keys, wanted, answer.getResponsesList().subList(1, answer.getResponsesCount()), at);
  }

  private List<RequestOp> readings(Set<Span> wanted) {
    List<RequestOp> readings = new ArrayList<>();
    readings.add(FetchedView.reading(guard.span()));
    wanted.forEach(span -> readings.add(FetchedView.reading(span)));
    return readings;
  }

  private Leases.Lease grant(Duration life, Deadline deadline) {
    return health.asking(deadline, within -> leases.grant(life, within));
  }

  private void requireTime(Deadline deadline) {
    if (Thread.currentThread().isInterrupted()) {
      throw new UnavailableException("interrupted before the change was sent");
    }
    if (deadline.passed()) {
      throw new UnavailableException("others changed the same all the time");
    }
    if (index.isClosed()) {
      throw new UnavailableException("the store is closed");
    }
  }
}
