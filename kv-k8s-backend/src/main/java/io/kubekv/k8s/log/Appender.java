package io.kubekv.k8s.log;

import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.Log.Appended;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.HttpObjectApi;
import io.kubekv.k8s.api.ObjectApi;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts entries into the ring: a PUT that replaces exactly the version of the slot which the watch
 * has shown, and which holds nothing that is not in a snapshot. Such a version never comes back, so
 * that a request which arrives late has no effect. Never blocks; thread-safe.
 */
final class Appender {
  private static final Logger log = LoggerFactory.getLogger(Appender.class);
  private static final Duration FULL = Duration.ofSeconds(1);

  /** For how long an entry waits in all when the API asks to come later: less than who waits. */
  private static final Duration BUSY = Duration.ofSeconds(3);

  private final ObjectApi api;
  private final RingView view;
  private final Room room;
  private final RingWatch watch;
  private final SegmentWriter segments;
  private final LongConsumer sent;
  private volatile String told = "";

  /** What the ring says about an entry that is to be put into it. */
  private sealed interface Verdict {
    record Settled(Appended what) implements Verdict {}

    record NoRoom() implements Verdict {}

    record Unclear(String why) implements Verdict {}

    record Free(Slot.Intact slot) implements Verdict {}
  }

  /**
   * @param segments makes room, and finds out whether another replica has
   * @param sent hears how large an entry is that is sent
   */
  Appender(
      ObjectApi api,
      RingView view,
      Room room,
      RingWatch watch,
      SegmentWriter segments,
      LongConsumer sent) {
    this.api = api;
    this.view = view;
    this.room = room;
    this.watch = watch;
    this.segments = segments;
    this.sent = sent;
  }

  CompletableFuture<Appended> append(LogEntry entry) {
    return append(entry, System.nanoTime() + BUSY.toNanos());
  }

  private CompletableFuture<Appended> append(LogEntry entry, long endNanos) {
    Room.Patience patience = room.patience();
    return append(entry, () -> lookForRoom(entry, patience))
        .exceptionallyCompose(failed -> waitIfBusy(entry, endNanos, failed));
  }

  /** What was refused with 429 has had no effect, so it is sent again when the API asks for it. */
  private CompletableFuture<Appended> waitIfBusy(LogEntry entry, long endNanos, Throwable failed) {
    if (!(HttpObjectApi.failureOf(failed) instanceof ApiFailure.TooManyRequests busy)) {
      return CompletableFuture.failedFuture(failed);
    }
    Duration after = busy.after().compareTo(Room.PAUSE) > 0 ? busy.after() : Room.PAUSE;
    return after.compareTo(Duration.ofNanos(endNanos - System.nanoTime())) > 0
        ? CompletableFuture.completedFuture(
            new Appended.Full(after, "the Kubernetes API asks to come later: " + busy.message()))
        : room.pause(after).thenCompose(unused -> append(entry, endNanos));
  }

  /** Who had the log before may have made room of which nobody was told. */
  private CompletableFuture<Appended> lookForRoom(LogEntry entry, Room.Patience patience) {
    return segments
        .lookForRoom()
        .handle((looked, failure) -> entry)
        .thenCompose(same -> append(same, () -> awaitRoom(same, patience)));
  }

  private CompletableFuture<Appended> awaitRoom(LogEntry entry, Room.Patience patience) {
    segments.begin();
    return patience.isOver()
        ? CompletableFuture.completedFuture(new Appended.Full(Room.PAUSE, segments.whyFull()))
        : patience
            .awaitRoom()
            .thenCompose(unused -> append(entry, () -> awaitRoom(entry, patience)));
  }

  /**
   * @param noRoom what to do when there is none
   */
  private CompletableFuture<Appended> append(
      LogEntry entry, Supplier<CompletableFuture<Appended>> noRoom) {
    if (view.lacksWhatWasTold()) {
      watch.suspect();
      return unclear("the entry before it is not seen to stand");
    }
    Verdict verdict =
        view.ask(ring -> verdict(ring, entry))
            .orElseGet(() -> new Verdict.Unclear("the log has not been read yet"));
    return switch (verdict) {
      case Verdict.Settled settled -> CompletableFuture.completedFuture(settled.what());
      case Verdict.Unclear unclear -> unclear(unclear.why());
      case Verdict.Free free -> send(entry, free.slot());
      case Verdict.NoRoom none -> noRoom.get();
    };
  }

  private static CompletableFuture<Appended> unclear(String why) {
    return CompletableFuture.failedFuture(new ApiCallException(new ApiFailure.NoAnswer(why)));
  }

  private Verdict verdict(Ring ring, LogEntry entry) {
    long position = entry.position();
    Slot slot = ring.at(position);
    if (position <= room.trimmed()) {
      // it may have been copied out of the ring before its answer came
      return new Verdict.Settled(
          slot instanceof Slot.Intact there ? stands(there, entry) : new Appended.Taken());
    }
    if (!(slot instanceof Slot.Intact intact)) {
      return slot.position() >= position
          ? new Verdict.Unclear(Ring.told(slot))
          : new Verdict.NoRoom();
    }
    if (intact.position() >= position) {
      return new Verdict.Settled(stands(intact, entry));
    }
    return room.isFor(position, ring) ? new Verdict.Free(intact) : new Verdict.NoRoom();
  }

  private static Appended stands(Slot.Intact slot, LogEntry entry) {
    return slot.position() == entry.position() && slot.nonce() == entry.nonce()
        ? new Appended.Ours()
        : new Appended.Taken();
  }

  private CompletableFuture<Appended> send(LogEntry entry, Slot.Intact slot) {
    byte[] bytes = EntryCodec.encode(entry);
    sent.accept(bytes.length);
    ObjectNode content = Slot.holding(entry, bytes, slot.generation() + 1);
    view.sending(entry, content.path("entry").asString());
    return api.replace(LogKinds.SLOT, slot.name(), slot.version(), content, "")
        .thenApply(done -> stands(entry, bytes))
        .exceptionallyCompose(failed -> failed(entry, HttpObjectApi.failureOf(failed)));
  }

  private Appended stands(LogEntry entry, byte[] bytes) {
    told = "";
    watch.expect(entry.position());
    segments.appended(entry, bytes);
    return new Appended.Ours();
  }

  private CompletableFuture<Appended> failed(LogEntry entry, ApiFailure failure) {
    return switch (failure) {
      case ApiFailure.Conflict conflict -> look(entry);
      case ApiFailure.Full full -> {
        tell(failure);
        yield CompletableFuture.completedFuture(
            new Appended.Full(FULL, "the Kubernetes API has no room: " + full.message()));
      }
      default -> {
        tell(failure);
        yield CompletableFuture.failedFuture(new ApiCallException(failure));
      }
    };
  }

  /** Somebody was faster, or the watch is behind: the slot itself says it. */
  private CompletableFuture<Appended> look(LogEntry entry) {
    int slots = view.ask(Ring::size).orElseThrow();
    int index = (int) (entry.position() % slots);
    return api.get(LogKinds.SLOT, Ring.name(index))
        .thenCompose(
            found -> {
              Optional<Slot.Intact> there = found.flatMap(object -> intact(object, index, slots));
              if (there.isPresent() && there.get().position() >= entry.position()) {
                watch.expect(there.get().position());
                return CompletableFuture.completedFuture(stands(there.get(), entry));
              }
              watch.suspect();
              return unclear("the slot was changed by others");
            });
  }

  private static Optional<Slot.Intact> intact(ApiObject object, int index, int slots) {
    return Slot.read(object, index, slots) instanceof Slot.Intact intact
        ? Optional.of(intact)
        : Optional.empty();
  }

  private void tell(ApiFailure failure) {
    String text = failure.message();
    if (!text.equals(told)) {
      told = text;
      log.warn("an entry of the log could not be written, still trying: {}", text);
    }
  }
}
