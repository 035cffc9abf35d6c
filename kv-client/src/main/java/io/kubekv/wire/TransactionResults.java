package io.kubekv.wire;

import io.kubekv.Revision;
import io.kubekv.TransactionResult;
import io.kubekv.v1.Kv;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The results of a transaction, from messages that come one after the other. For one thread. */
final class TransactionResults {
  /** A choice that was made, as far as its results have come. */
  private record Open(Kv.TransactResponse.Chosen wire, List<TransactionResult> results) {
    boolean isWhole() {
      return results.size() == wire.getResults();
    }

    TransactionResult whole() {
      return new TransactionResult.Chosen(
          wire.getHeld(), results, new Revision(wire.getRevision()));
    }
  }

  private final List<TransactionResult> results = new ArrayList<>();
  private final Deque<Open> choices = new ArrayDeque<>();
  private final List<Kv.ListResponse> listed = new ArrayList<>();

  void add(Kv.TransactResponse.Result wire) {
    switch (wire.getKindCase()) {
      case FOUND -> add(Outcomes.toPort(wire.getFound()));
      case STORED -> add(Outcomes.toPort(wire.getStored()));
      case COUNTED -> add(Outcomes.toPort(wire.getCounted()));
      case DELETED -> add(Outcomes.toPort(wire.getDeleted()));
      case RANGE_DELETED -> add(Outcomes.toPort(wire.getRangeDeleted()));
      case LISTED -> {
        listed.add(wire.getListed());
        if (!wire.getContinues()) {
          add(Listings.toPort(listed));
          listed.clear();
        }
      }
      case CHOSEN -> {
        choices.push(new Open(wire.getChosen(), new ArrayList<>()));
        closeWhole();
      }
      case KIND_NOT_SET -> throw TransactionOutcomes.unknown();
    }
  }

  private void add(TransactionResult result) {
    addToInnermost(result);
    closeWhole();
  }

  private void addToInnermost(TransactionResult result) {
    Open innermost = choices.peek();
    (innermost == null ? results : innermost.results()).add(result);
  }

  /** The last result of a choice makes it one of that around it. */
  private void closeWhole() {
    for (Open open = choices.peek(); open != null && open.isWhole(); open = choices.peek()) {
      choices.pop();
      addToInnermost(open.whole());
    }
  }

  /** All of them, once the last has come. */
  List<TransactionResult> all() {
    if (!choices.isEmpty()) {
      throw new IllegalArgumentException("a result of a transaction is missing");
    }
    return results;
  }
}
