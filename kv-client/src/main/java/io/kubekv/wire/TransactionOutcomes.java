package io.kubekv.wire;

import io.kubekv.DeleteOutcome;
import io.kubekv.DirectoryLookup;
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
import org.jspecify.annotations.Nullable;

/** What became of a transaction, in as many messages as it takes. */
public final class TransactionOutcomes {
  private TransactionOutcomes() {}

  public static List<Kv.TransactResponse> toWire(TransactionOutcome outcome) {
    List<Kv.TransactResponse> messages = new ArrayList<>();
    send(outcome, messages::add);
    return messages;
  }

  /** The same messages, each made when the one before has been taken, until no more are wanted. */
  public static <E extends Exception> void send(
      TransactionOutcome outcome, MessageSink<Kv.TransactResponse, E> sink) throws E {
    Kv.TransactResponse.Builder last = Kv.TransactResponse.newBuilder();
    switch (outcome) {
      case TransactionOutcome.Committed committed -> {
        if (!sendAll(committed.results(), sink)) {
          return;
        }
        last.getCommittedBuilder().setRevision(committed.revision().value());
      }
      case TransactionOutcome.RolledBack rolledBack -> {
        for (TransactionOutcome.Failure failure : rolledBack.failures()) {
          if (!sink.send(toWire(failure))) {
            return;
          }
        }
        last.getRolledBackBuilder().setRevision(rolledBack.revision().value());
      }
    }
    sink.send(last.build());
  }

  private static Kv.TransactResponse toWire(TransactionOutcome.Failure failure) {
    return Kv.TransactResponse.newBuilder()
        .setFailure(
            Kv.TransactResponse.Failure.newBuilder()
                .setOperation(failure.operation())
                .setRefused(Outcomes.toWire(failure.refused())))
        .build();
  }

  private static <E extends Exception> boolean sendAll(
      List<TransactionResult> results, MessageSink<Kv.TransactResponse, E> sink) throws E {
    for (TransactionResult result : results) {
      if (!send(result, sink)) {
        return false;
      }
    }
    return true;
  }

  private static <E extends Exception> boolean send(
      TransactionResult result, MessageSink<Kv.TransactResponse, E> sink) throws E {
    Kv.TransactResponse.Result.Builder wire = Kv.TransactResponse.Result.newBuilder();
    switch (result) {
      case Lookup found -> wire.setFound(Outcomes.toWire(found));
      case PutOutcome.Stored stored -> wire.setStored(Outcomes.toWire(stored));
      case DirectoryLookup counted -> wire.setCounted(Outcomes.toWire(counted));
      case DeleteOutcome.Deleted deleted -> wire.setDeleted(Outcomes.toWire(deleted));
      case RangeDeleted deleted -> wire.setRangeDeleted(Outcomes.toWire(deleted));
      case Listing listed -> {
        return send(listed, sink);
      }
      case TransactionResult.Chosen chosen -> {
        return sink.send(message(wire.setChosen(toWire(chosen))))
            && sendAll(chosen.results(), sink);
      }
    }
    return sink.send(message(wire));
  }

  private static Kv.TransactResponse.Chosen toWire(TransactionResult.Chosen chosen) {
    return Kv.TransactResponse.Chosen.newBuilder()
        .setHeld(chosen.held())
        .setResults(chosen.results().size())
        .setRevision(chosen.revision().value())
        .build();
  }

  private static <E extends Exception> boolean send(
      Listing listed, MessageSink<Kv.TransactResponse, E> sink) throws E {
    LastKnown<E> parts = new LastKnown<>(sink);
    return Listings.send(listed, parts) && parts.end();
  }

  /** Sends each part of a list once it is known whether another one follows. */
  private static final class LastKnown<E extends Exception>
      implements MessageSink<Kv.ListResponse, E> {
    private final MessageSink<Kv.TransactResponse, E> sink;
    private Kv.@Nullable ListResponse waiting;

    LastKnown(MessageSink<Kv.TransactResponse, E> sink) {
      this.sink = sink;
    }

    @Override
    public boolean send(Kv.ListResponse part) throws E {
      Kv.ListResponse before = waiting;
      waiting = part;
      return before == null || sink.send(message(before, true));
    }

    boolean end() throws E {
      return waiting == null || sink.send(message(waiting, false));
    }

    private static Kv.TransactResponse message(Kv.ListResponse part, boolean continues) {
      return TransactionOutcomes.message(
          Kv.TransactResponse.Result.newBuilder().setListed(part).setContinues(continues));
    }
  }

  private static Kv.TransactResponse message(Kv.TransactResponse.Result.Builder result) {
    return Kv.TransactResponse.newBuilder().setResult(result).build();
  }

  /** The outcome that all messages of an answer tell. */
  public static TransactionOutcome toPort(List<Kv.TransactResponse> messages) {
    TransactionResults results = new TransactionResults();
    List<TransactionOutcome.Failure> failures = new ArrayList<>();
    for (Kv.TransactResponse message : messages) {
      switch (message.getPartCase()) {
        case RESULT -> results.add(message.getResult());
        case FAILURE -> failures.add(toPort(message.getFailure()));
        case COMMITTED -> {
          return new TransactionOutcome.Committed(
              new Revision(message.getCommitted().getRevision()), results.all());
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

  static IllegalArgumentException unknown() {
    return new IllegalArgumentException("an outcome of a transaction that is not known here");
  }
}
