package io.kubekv.etcd;

import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Sends transactions under this process's guard, and finds out what became of them. */
final class Transactions {
  /** What etcd takes of each kind in one transaction unless it is told otherwise. */
  private static final int MAX_OPERATIONS = 128;

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Etcd etcd;
  private final EtcdKeys keys;
  private final Index index;
  private final Guard guard;
  private final Health health;
  private final Duration requestTimeout;
  private final String process;
  private final AtomicLong numbers = new AtomicLong();

  Transactions(
      Etcd etcd,
      EtcdKeys keys,
      Index index,
      Guard guard,
      Health health,
      Duration requestTimeout,
      String process) {
    this.etcd = etcd;
    this.keys = keys;
    this.index = index;
    this.guard = guard;
    this.health = health;
    this.requestTimeout = requestTimeout;
    this.process = process;
  }

  /**
   * Sends a transaction that happens only if the facts are still so.
   *
   * @param leases those that the operations need
   * @param wanted what to read if they are not
   */
  Round send(
      Decision.Made operations,
      List<Long> leases,
      Facts facts,
      Set<Span> wanted,
      Deadline deadline) {
    WriteId id = new WriteId(process, numbers.incrementAndGet());
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(Facts.unchanged(guard.span(), guard.revision()))
            .addAllCompare(facts.comparisons())
            .addAllSuccess(operations.of(id, leases))
            .addAllFailure(readings(wanted))
            .build();
    requireRoom(request);
    try (PendingWrite pending = index.expect(id)) {
      return send(request, pending, wanted, deadline);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted after the change was sent");
    }
  }

  private static void requireRoom(TxnRequest request) {
    int most =
        Math.max(
            request.getCompareCount(),
            Math.max(request.getSuccessCount(), request.getFailureCount()));
    if (most > MAX_OPERATIONS) {
      throw new LimitExceededException(
          "transaction size", "operations of etcd", most, MAX_OPERATIONS);
    }
  }

  private Round send(TxnRequest request, PendingWrite pending, Set<Span> wanted, Deadline deadline)
      throws InterruptedException {
    try {
      TxnResponse answer = etcd.txn(request, deadline.butWithin(requestTimeout));
      return answer.getSucceeded()
          ? new Round.Done(awaitEvent(pending, deadline))
          : new Round.Again(view(answer, wanted, deadline));
    } catch (EtcdFailure failed) {
      return switch (failed.kind()) {
        case UNKNOWN -> settle(pending, failed, wanted, deadline);
        case LEASE_ENDED -> new Round.LeaseEnded();
        case REFUSED, OVERLOADED, OUT_OF_RANGE, LOGIN_ENDED -> throw failed.asNotApplied();
      };
    }
  }

  private static PendingWrite.Seen awaitEvent(PendingWrite pending, Deadline deadline)
      throws InterruptedException {
    return pending
        .await(deadline)
        .orElseThrow(
            () -> new OutcomeUnknownException("applied, but the watch has not told to what end"));
  }

  /** After a lost answer: the guard is put, and when it is seen, so is the write, or never. */
  private Round settle(PendingWrite pending, EtcdFailure lost, Set<Span> wanted, Deadline deadline)
      throws InterruptedException {
    boolean fenced = false;
    while (pending.seen().isEmpty() && !fenced && !deadline.passed()) {
      fenced = fence(deadline);
    }
    if (pending.seen().isPresent()) {
      return new Round.Done(pending.seen().get());
    }
    if (!fenced) {
      throw new OutcomeUnknownException("no answer came from etcd", lost);
    }
    return new Round.Again(read(wanted, deadline));
  }

  /** Whether no write that was sent before can happen any more, and all that did are seen. */
  private boolean fence(Deadline deadline) throws InterruptedException {
    try {
      Revision put = guard.put(deadline.butWithin(requestTimeout));
      return index.awaitRevision(put, deadline);
    } catch (EtcdFailure failed) {
      Thread.sleep(PAUSE);
      return false;
    }
  }

  /** Reads what a decision looks at, in one transaction. */
  View read(Set<Span> wanted, Deadline deadline) {
    TxnRequest request = TxnRequest.newBuilder().addAllSuccess(readings(wanted)).build();
    requireRoom(request);
    return view(health.asking(deadline, within -> etcd.txn(request, within)), wanted, deadline);
  }

  private View view(TxnResponse answer, Set<Span> wanted, Deadline deadline) {
    Revision at = new Revision(answer.getHeader().getRevision());
    Revision guarded =
        answer.getResponses(0).getResponseRange().getKvsList().stream()
            .findFirst()
            .map(stored -> new Revision(stored.getModRevision()))
            .orElse(Revision.ZERO);
    try {
      guard.restore(guarded, deadline.butWithin(requestTimeout));
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
}
