package io.kubekv.wire;

import io.kubekv.DeleteOutcome;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionResult;
import io.kubekv.v1.Kv;
import java.util.ArrayList;
import java.util.List;

/** What became of a transaction, in as many messages as it takes. */
public final class TransactionOutcomes {
  private TransactionOutcomes() {}

  public static List<Kv.TransactResponse> toWire(TransactionOutcome outcome) {
    List<Kv.TransactResponse> messages = new ArrayList<>();
    Kv.TransactResponse.Builder last = Kv.TransactResponse.newBuilder();
    switch (outcome) {
      case TransactionOutcome.Committed committed -> {
        committed.results().forEach(result -> add(result, messages));
        last.getCommittedBuilder().setRevision(committed.revision().value());
      }
      case TransactionOutcome.RolledBack rolledBack -> {
        rolledBack.failures().forEach(failure -> messages.add(toWire(failure)));
        last.getRolledBackBuilder().setRevision(rolledBack.revision().value());
      }
    }
    messages.add(last.build());
    return messages;
  }

  private static Kv.TransactResponse toWire(TransactionOutcome.Failure failure) {
    return Kv.TransactResponse.newBuilder()
        .setFailure(
            Kv.TransactResponse.Failure.newBuilder()
                .setOperation(failure.operation())
                .setRefused(Outcomes.toWire(failure.refused())))
        .build();
  }

  private static void add(TransactionResult result, List<Kv.TransactResponse> messages) {
    Kv.TransactResponse.Result.Builder wire = Kv.TransactResponse.Result.newBuilder();
    switch (result) {
      case Lookup found -> wire.setFound(Outcomes.toWire(found));
      case PutOutcome.Stored stored -> wire.setStored(Outcomes.toWire(stored));
      case DeleteOutcome.Deleted deleted -> wire.setDeleted(Outcomes.toWire(deleted));
      case RangeDeleted deleted -> wire.setRangeDeleted(Outcomes.toWire(deleted));
      case Listing listed -> {
        List<Kv.ListResponse> parts = Listings.toWire(listed);
        for (Kv.ListResponse part : parts.subList(0, parts.size() - 1)) {
          messages.add(message(wire.setListed(part).setContinues(true)));
        }
        wire.setListed(parts.getLast()).setContinues(false);
      }
    }
    messages.add(message(wire));
  }

  private static Kv.TransactResponse message(Kv.TransactResponse.Result.Builder result) {
    return Kv.TransactResponse.newBuilder().setResult(result).build();
  }

  /** The outcome that all messages of an answer tell. */
  public static TransactionOutcome toPort(List<Kv.TransactResponse> messages) {
    List<TransactionResult> results = new ArrayList<>();
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    List<Kv.ListResponse> listed = new ArrayList<>();
    for (Kv.TransactResponse message : messages) {
      switch (message.getPartCase()) {
        case RESULT -> take(message.getResult(), listed, results);
        case FAILURE -> failures.add(toPort(message.getFailure()));
        case COMMITTED -> {
          return new TransactionOutcome.Committed(
              new Revision(message.getCommitted().getRevision()), results);
        }
        case ROLLED_BACK -> {
          return new TransactionOutcome.RolledBack(
              failures, new Revision(message.getRolledBack().getRevision()));
        }
        case PART_NOT_SET -> throw unknown();
      }
    }
    throw unknown();
  }

  private static TransactionOutcome.Failure toPort(Kv.TransactResponse.Failure wire) {
    return new TransactionOutcome.Failure(wire.getOperation(), Outcomes.toPort(wire.getRefused()));
  }

  /**
   * @param listed the parts so far of a list that comes in several messages
   */
  private static void take(
      Kv.TransactResponse.Result wire,
      List<Kv.ListResponse> listed,
      List<TransactionResult> results) {
    switch (wire.getKindCase()) {
      case FOUND -> results.add(Outcomes.toPort(wire.getFound()));
      case STORED -> results.add(Outcomes.toPort(wire.getStored()));
      case DELETED -> results.add(Outcomes.toPort(wire.getDeleted()));
      case RANGE_DELETED -> results.add(Outcomes.toPort(wire.getRangeDeleted()));
      case LISTED -> {
        listed.add(wire.getListed());
        if (!wire.getContinues()) {
          results.add(Listings.toPort(listed));
          listed.clear();
        }
      }
      case KIND_NOT_SET -> throw unknown();
    }
  }

  private static IllegalArgumentException unknown() {
    return new IllegalArgumentException("an outcome of a transaction that is not known here");
  }
}
