package io.kubekv.wire;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.v1.Kv;
import java.util.ArrayList;
import java.util.List;

/** What a watch delivers. */
public final class Events {
  private static final EnumPairs<Cause, Kv.Cause> CAUSES =
      new EnumPairs<>(Cause.class, Kv.Cause.class, "CAUSE_");

  private Events() {}

  /**
   * The event as one message, or as several where it is the end of a large tree.
   *
   * @param withinRevision whether others of the same revision follow
   */
  public static List<Kv.WatchResponse> toWire(WatchEvent event, boolean withinRevision) {
    List<Kv.WatchResponse> messages = toWire(event);
    return withinRevision
        ? messages.stream().map(each -> each.toBuilder().setWithinRevision(true).build()).toList()
        : messages;
  }

  private static List<Kv.WatchResponse> toWire(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> List.of(toWire(put));
      case WatchEvent.Delete delete -> toWire(delete);
      case WatchEvent.Progress progress -> List.of(progress(progress.revision()));
      case WatchEvent.HistoryGone gone ->
          List.of(
              Kv.WatchResponse.newBuilder()
                  .setHistoryGone(
                      Kv.WatchResponse.HistoryGone.newBuilder()
                          .setRevision(gone.revision().value()))
                  .build());
    };
  }

  public static Kv.WatchResponse progress(Revision revision) {
    return Kv.WatchResponse.newBuilder()
        .setProgress(Kv.WatchResponse.Progress.newBuilder().setRevision(revision.value()))
        .build();
  }

  /** The event of a whole message; {@code started} is none. */
  public static WatchEvent toPort(Kv.WatchResponse wire) {
    return switch (wire.getEventCase()) {
      case PUT ->
          new WatchEvent.Put(
              Values.toPort(wire.getPut().getEntry()),
              Values.entry(wire.getPut().hasPrevious(), wire.getPut().getPrevious()),
              CAUSES.toPort(wire.getPut().getCause()),
              Values.toPort(wire.getPut().getAuthor()));
      case DELETE ->
          new WatchEvent.Delete(
              new Revision(wire.getDelete().getRevision()),
              Values.toPort(wire.getDelete().getPrevious()),
              CAUSES.toPort(wire.getDelete().getCause()),
              wire.getDelete().getBelowList().stream().map(Values::toPort).toList(),
              Values.toPort(wire.getDelete().getAuthor()));
      case PROGRESS -> new WatchEvent.Progress(new Revision(wire.getProgress().getRevision()));
      case HISTORY_GONE ->
          new WatchEvent.HistoryGone(new Revision(wire.getHistoryGone().getRevision()));
      case STARTED, EVENT_NOT_SET ->
          throw new IllegalArgumentException("a watch event that is not known here");
    };
  }

  private static Kv.WatchResponse toWire(WatchEvent.Put put) {
    Kv.WatchResponse.Put.Builder wire =
        Kv.WatchResponse.Put.newBuilder()
            .setEntry(Values.toWire(put.entry()))
            .setCause(CAUSES.toWire(put.cause()));
    put.previous().ifPresent(entry -> wire.setPrevious(Values.toWire(entry)));
    Values.toWire(put.author()).ifPresent(wire::setAuthor);
    return Kv.WatchResponse.newBuilder().setPut(wire).build();
  }

  private static List<Kv.WatchResponse> toWire(WatchEvent.Delete delete) {
    List<Kv.WatchResponse> messages = new ArrayList<>();
    for (List<Entry> part : Parts.of(delete.below())) {
      Kv.WatchResponse.Delete.Builder wire =
          Kv.WatchResponse.Delete.newBuilder()
              .setRevision(delete.revision().value())
              .setPrevious(Values.toWire(delete.previous()))
              .setCause(CAUSES.toWire(delete.cause()))
              .addAllBelow(part.stream().map(Values::toWire).toList())
              .setContinues(true);
      Values.toWire(delete.author()).ifPresent(wire::setAuthor);
      messages.add(Kv.WatchResponse.newBuilder().setDelete(wire).build());
    }
    Kv.WatchResponse.Builder last = messages.removeLast().toBuilder();
    last.getDeleteBuilder().setContinues(false);
    messages.add(last.build());
    return messages;
  }
}
