package io.kubekv.wire;

import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.v1.Kv;
import java.util.Optional;
import java.util.OptionalInt;

/** What a transaction is asked to do; as in {@link Requests}, nonsense is said to be nonsense. */
public final class TransactionRequests {
  private TransactionRequests() {}

  public static Kv.TransactRequest toWire(TransactionRequest request) {
    Kv.TransactRequest.Builder wire =
        Kv.TransactRequest.newBuilder()
            .addAllOperations(
                request.operations().stream().map(TransactionRequests::toWire).toList())
            .setFreshness(Requests.toWire(request.freshness()));
    Values.toWire(request.author()).ifPresent(wire::setAuthor);
    return wire.build();
  }

  public static TransactionRequest toPort(Kv.TransactRequest wire) {
    return new TransactionRequest(
        wire.getOperationsList().stream().map(TransactionRequests::toPort).toList(),
        Requests.toPort(wire.getFreshness()),
        Values.toPort(wire.getAuthor()));
  }

  private static Kv.TransactRequest.Operation toWire(TransactionOperation operation) {
    Kv.TransactRequest.Operation.Builder wire = Kv.TransactRequest.Operation.newBuilder();
    switch (operation) {
      case TransactionOperation.Get get -> wire.setGet(get.key().text());
      case TransactionOperation.ListRange list -> wire.setList(toWire(list.request()));
      case TransactionOperation.Directory directory ->
          wire.setDirectory(directory.directory().text());
      case TransactionOperation.Check check ->
          wire.getCheckBuilder()
              .setKey(check.key().text())
              .setLayout(Requests.toWire(check.layout()))
              .setPrecondition(Requests.toWire(check.precondition()));
      case TransactionOperation.CheckHolder check -> {
        wire.getCheckHolderBuilder().setKey(check.key().text());
        check
            .holder()
            .ifPresent(holder -> wire.getCheckHolderBuilder().setHolder(holder.toString()));
      }
      case TransactionOperation.CheckSession check -> {
        wire.getCheckSessionBuilder().setSession(check.session().toString());
        check
            .modified()
            .map(Revision::value)
            .ifPresent(wire.getCheckSessionBuilder()::setModifyRevision);
      }
      case TransactionOperation.Put put -> wire.setPut(Requests.toWire(put.request()));
      case TransactionOperation.Delete delete -> wire.setDelete(Requests.toWire(delete.request()));
      case TransactionOperation.DeleteRange delete ->
          wire.setDeleteRange(Requests.toWire(delete.range()));
      case TransactionOperation.SetMetadata set -> {
        wire.getSetMetadataBuilder()
            .setKey(set.key().text())
            .setContent(Values.toWire(set.content()));
        set.version().ifPresent(wire.getSetMetadataBuilder()::setVersion);
      }
      case TransactionOperation.Choice choice -> wire.setChoice(toWire(choice));
    }
    return wire.build();
  }

  private static Kv.TransactRequest.Choice toWire(TransactionOperation.Choice choice) {
    return Kv.TransactRequest.Choice.newBuilder()
        .addAllComparisons(choice.comparisons().stream().map(Comparisons::toWire).toList())
        .addAllThen(choice.then().stream().map(TransactionRequests::toWire).toList())
        .addAllOtherwise(choice.otherwise().stream().map(TransactionRequests::toWire).toList())
        .build();
  }

  private static TransactionOperation toPort(Kv.TransactRequest.Choice wire) {
    return new TransactionOperation.Choice(
        wire.getComparisonsList().stream().map(Comparisons::toPort).toList(),
        wire.getThenList().stream().map(TransactionRequests::toPort).toList(),
        wire.getOtherwiseList().stream().map(TransactionRequests::toPort).toList());
  }

  private static TransactionOperation toPort(Kv.TransactRequest.Operation wire) {
    return switch (wire.getKindCase()) {
      case GET -> new TransactionOperation.Get(Key.of(wire.getGet()));
      case LIST -> new TransactionOperation.ListRange(toPort(wire.getList()));
      case CHECK ->
          new TransactionOperation.Check(
              Key.of(wire.getCheck().getKey()),
              Requests.toPort(wire.getCheck().getPrecondition()),
              Requests.layout(wire.getCheck().getLayout()));
      case CHECK_HOLDER ->
          new TransactionOperation.CheckHolder(
              Key.of(wire.getCheckHolder().getKey()), holder(wire.getCheckHolder()));
      case CHECK_SESSION -> toPort(wire.getCheckSession());
      case PUT -> new TransactionOperation.Put(Requests.toPort(wire.getPut()));
      case DELETE -> new TransactionOperation.Delete(Requests.toPort(wire.getDelete()));
      case DELETE_RANGE ->
          new TransactionOperation.DeleteRange(Requests.toPort(wire.getDeleteRange()));
      case DIRECTORY -> new TransactionOperation.Directory(new Prefix(wire.getDirectory()));
      case SET_METADATA -> toPort(wire.getSetMetadata());
      case CHOICE -> toPort(wire.getChoice());
      case KIND_NOT_SET ->
          throw new IllegalArgumentException(
              "an operation of the transaction is missing, or not known here");
    };
  }

  private static TransactionOperation toPort(Kv.TransactRequest.SetMetadata wire) {
    return new TransactionOperation.SetMetadata(
        Key.of(wire.getKey()),
        wire.hasVersion() ? OptionalInt.of(wire.getVersion()) : OptionalInt.empty(),
        Values.toPort(wire.getContent()));
  }

  private static TransactionOperation toPort(Kv.TransactRequest.CheckSession wire) {
    return new TransactionOperation.CheckSession(
        Values.session(wire.getSession()),
        wire.hasModifyRevision()
            ? Optional.of(new Revision(wire.getModifyRevision()))
            : Optional.empty());
  }

  private static Optional<SessionId> holder(Kv.TransactRequest.CheckHolder wire) {
    return wire.hasHolder() ? Optional.of(Values.session(wire.getHolder())) : Optional.empty();
  }

  private static Kv.TransactRequest.ListRange toWire(ListRequest request) {
    Kv.TransactRequest.ListRange.Builder wire =
        Kv.TransactRequest.ListRange.newBuilder()
            .setRange(Requests.toWire(request.range()))
            .setLimit(Requests.limitToWire(request));
    request.delimiter().ifPresent(wire::setDelimiter);
    return wire.build();
  }

  private static ListRequest toPort(Kv.TransactRequest.ListRange wire) {
    return new ListRequest(
        Requests.toPort(wire.getRange()),
        wire.hasDelimiter() ? Optional.of(wire.getDelimiter()) : Optional.empty(),
        Requests.limitToPort(wire.getLimit()));
  }
}
