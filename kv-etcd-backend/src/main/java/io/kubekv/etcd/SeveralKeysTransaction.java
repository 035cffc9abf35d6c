package io.kubekv.etcd;

import io.etcd.jetcd.api.RequestOp;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transaction that checks and reads any number of keys and changes each at most once: each change
 * as it would be by itself, all decided on the same facts as the checks, so that etcd compares
 * everything and does everything in one transaction of its own, at one revision.
 */
final class SeveralKeysTransaction implements Change<TransactionOutcome> {
  private final TransactionRequest request;
  private final Limits limits;
  private final Index index;
  private final EtcdKeys keys;

  /**
   * A transaction that {@link TransactionRules#requireEachKeyOnce} lets through and that changes
   * something. So no operation sees what another has done, but for the room in the store.
   */
  SeveralKeysTransaction(TransactionRequest request, Limits limits, Index index, EtcdKeys keys) {
    this.request = request;
    this.limits = limits;
    this.index = index;
    this.keys = keys;
  }

  @Override
  public Decision<TransactionOutcome> decide(Facts facts) {
    Trial trial = new Trial(facts);
    request.operations().forEach(trial::add);
    return trial.decision();
  }

  /** An operation that is not refused: what it writes, and what it comes to. */
  private record Step(
      Optional<Decision.Write<?>> write, Function<PendingWrite.Seen, TransactionResult> result) {}

  /** The operations, decided one after the other on one state. */
  private final class Trial {
    private final Facts facts;
    private final TransactionRules rules;
    private final List<Step> steps = new ArrayList<>();
    private final List<TransactionOutcome.Failure> failures = new ArrayList<>();
    private final Map<Key, Cause> causes = new HashMap<>();

    /** How many entries more, or fewer, there are after the operations so far. */
    private int more;

    private int place;

    Trial(Facts facts) {
      this.facts = facts;
      this.rules = new TransactionRules(facts::entry, this::list, facts::isAlive);
    }

    private Listing list(ListRequest list) {
      Optional<Entry> entry = list.range().self().flatMap(facts::entry);
      return Listings.cut(list, entry.stream().toList(), facts.revision());
    }

    void add(TransactionOperation operation) {
      switch (operation) {
        case TransactionOperation.Reading reading ->
            rules
                .refusal(reading, facts.revision())
                .ifPresentOrElse(
                    this::refuse, () -> found(rules.result(reading, facts.revision())));
        case TransactionOperation.Put put -> put(put.request());
        case TransactionOperation.Delete delete -> delete(delete.request());
        case TransactionOperation.DeleteRange delete ->
            empty(DeleteRequest.of(delete.range().self().orElseThrow()));
      }
      place++;
    }

    private void put(PutRequest put) {
      boolean isNew = facts.entry(put.key()).isEmpty();
      switch (new PutChange(put, limits, index, keys, more).decide(facts)) {
        case Decision.Answer<PutOutcome> answer -> refuse((Refused) answer.outcome());
        case Decision.Write<PutOutcome> write -> {
          more += isNew ? 1 : 0;
          write(write, seen -> (PutOutcome.Stored) write.outcome().apply(seen));
        }
        case Decision.First<PutOutcome> first -> throw noneFirst();
      }
    }

    private void delete(DeleteRequest delete) {
      switch (new DeleteChange(delete, keys).decide(facts)) {
        case Decision.Answer<DeleteOutcome> answer -> refuse((Refused) answer.outcome());
        case Decision.Write<DeleteOutcome> write -> gone(delete, write, deleted -> deleted);
        case Decision.First<DeleteOutcome> first -> throw noneFirst();
      }
    }

    /** A range delete of one key does not mind when there is nothing. */
    private void empty(DeleteRequest delete) {
      switch (new DeleteChange(delete, keys).decide(facts)) {
        case Decision.Answer<DeleteOutcome> missing ->
            found(new RangeDeleted(0, Optional.empty(), facts.revision()));
        case Decision.Write<DeleteOutcome> write ->
            gone(
                delete,
                write,
                deleted ->
                    new RangeDeleted(1, Optional.of(deleted.previous()), deleted.revision()));
        case Decision.First<DeleteOutcome> first -> throw noneFirst();
      }
    }

    private void gone(
        DeleteRequest delete,
        Decision.Write<DeleteOutcome> write,
        Function<DeleteOutcome.Deleted, TransactionResult> result) {
      more--;
      causes.put(delete.key(), delete.cause());
      write(write, seen -> result.apply((DeleteOutcome.Deleted) write.outcome().apply(seen)));
    }

    private IllegalStateException noneFirst() {
      return new IllegalStateException("a flat change has nothing to come first");
    }

    private void refuse(Refused refused) {
      failures.add(new TransactionOutcome.Failure(place, refused));
    }

    private void found(TransactionResult result) {
      steps.add(new Step(Optional.empty(), seen -> result));
    }

    private void write(
        Decision.Write<?> write, Function<PendingWrite.Seen, TransactionResult> result) {
      steps.add(new Step(Optional.of(write), result));
    }

    Decision<TransactionOutcome> decision() {
      if (!failures.isEmpty()) {
        return new Decision.Answer<>(new TransactionOutcome.RolledBack(failures, facts.revision()));
      }
      List<Decision.Write<?>> writes = new ArrayList<>();
      steps.forEach(step -> step.write().ifPresent(writes::add));
      if (writes.isEmpty()) {
        return new Decision.Answer<>(committed(new PendingWrite.Seen(facts.revision(), List.of())));
      }
      List<Duration> lives = writes.stream().flatMap(write -> write.lives().stream()).toList();
      return new Decision.Write<>(
          lives, (id, leases) -> operations(writes, id, leases), this::committed);
    }

    private List<RequestOp> operations(
        List<Decision.Write<?>> writes, WriteId id, List<Long> leases) {
      List<RequestOp> all = new ArrayList<>();
      int used = 0;
      for (Decision.Write<?> write : writes) {
        int end = used + write.lives().size();
        all.addAll(write.operations().of(id, leases.subList(used, end)));
        used = end;
      }
      return causes.isEmpty()
          ? all
          : new Operations(keys).becauseOnce(all, CauseRecord.ofEach(causes, id));
    }

    private TransactionOutcome committed(PendingWrite.Seen seen) {
      return new TransactionOutcome.Committed(
          seen.revision(), steps.stream().map(step -> step.result().apply(seen)).toList());
    }
  }
}
