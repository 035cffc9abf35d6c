package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.HttpObjectApi;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.DamagedException;
import io.kubekv.k8s.snapshot.Manifest;
import io.kubekv.k8s.snapshot.SegmentList;
import io.kubekv.k8s.snapshot.SnapshotObjects;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operator does about an entry of the log that nobody can read any more, when no replica
 * runs that still has what it says: puts an empty entry in its place, so that the log can be read
 * again. What the entry has changed is lost. Blocks.
 */
public final class LogRescue {
  private final ObjectApi api;
  private final SnapshotObjects snapshots;

  LogRescue(ObjectApi api) {
    this.api = api;
    this.snapshots = new SnapshotObjects(api, Long.MAX_VALUE, Duration.ofHours(1));
  }

  /** The log of a namespace; the client stays the caller's. */
  public static LogRescue in(KubernetesClient client, String namespace, Duration requestTimeout) {
    return new LogRescue(new HttpObjectApi(client, namespace, requestTimeout));
  }

  /** It cannot be done, or need not; the message says why. Nothing was changed. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * An entry that can be passed over.
   *
   * @param problem what is wrong with it, in words for an operator
   * @param newest the position of the last entry that stands
   * @param lost which revisions are lost, in words for an operator
   */
  public record Finding(long position, String problem, long newest, String lost, StandIn standIn) {}

  /**
   * What takes its place.
   *
   * @param object the version of the object that it replaces; empty where there is none
   */
  record StandIn(LogEntry entry, Optional<ApiObject> object, String name) {}

  /** The entry before: what those after it chain to. */
  private record Before(long epoch, long nonce, Optional<LogEntry> entry) {}

  /** The ring, as it stands. */
  private record Slots(Map<Integer, ApiObject> objects, int size) {
    int index(long position) {
      return (int) (position % size);
    }

    Optional<ApiObject> object(long position) {
      return Optional.ofNullable(objects.get(index(position)));
    }

    /** The slot of a position, where it is as kubekv wrote it and holds that position. */
    Optional<Slot.Intact> intact(long position) {
      return object(position)
          .map(object -> Slot.read(object, index(position), size))
          .filter(Slot.Intact.class::isInstance)
          .map(Slot.Intact.class::cast)
          .filter(slot -> slot.position() == position && !slot.entry().isEmpty());
    }

    Optional<LogEntry> entry(long position) {
      return intact(position).flatMap(Slots::decoded);
    }

    private static Optional<LogEntry> decoded(Slot.Intact slot) {
      try {
        return Optional.of(slot.decode());
      } catch (IOException unreadable) {
        return Optional.empty();
      }
    }

    /** The last position that stands. */
    long newest() {
      return objects.entrySet().stream()
          .map(object -> Slot.read(object.getValue(), object.getKey(), size))
          .filter(Slot.Intact.class::isInstance)
          .mapToLong(Slot::position)
          .max()
          .orElse(0);
    }
  }

  /**
   * Looks whether the entry at a position can be passed over; changes nothing.
   *
   * @throws RefusedException when it is whole, or the log does not need it, or goes no further
   */
  public Finding look(long position)
      throws RefusedException, ApiCallException, DamagedException, InterruptedException {
    Manifest manifest = manifest();
    SegmentList segments = snapshots.segments().list();
    long copied = Math.max(manifest.position(), segments.foreign() ? 0 : segments.to());
    if (position <= copied) {
      throw new RefusedException(
          "entry %d is not needed any more: all up to entry %d is elsewhere"
              .formatted(position, copied));
    }
    Slots slots = slots(manifest.slots());
    long newest = slots.newest();
    if (position > newest + 1) {
      throw new RefusedException(
          "there is no entry %d: the log ends at entry %d".formatted(position, newest));
    }
    Before before = before(position - 1, slots, manifest, segments);
    Optional<LogEntry> after = slots.entry(position + 1);
    if (after.isEmpty() && position < newest) {
      throw new RefusedException(
          "entry %d cannot be read either: pass over that one first".formatted(position + 1));
    }
    String problem = problem(position, slots, before, after);
    LogEntry standIn =
        LogEntry.standIn(
            position,
            before.epoch(),
            after.map(LogEntry::previousNonce).orElse(ThreadLocalRandom.current().nextLong() | 1),
            before.nonce(),
            Math.max(newest, position));
    return new Finding(
        position,
        problem,
        newest,
        lost(before, after),
        new StandIn(standIn, slots.object(position), Ring.name(slots.index(position))));
  }

  private Manifest manifest() throws RefusedException, ApiCallException, InterruptedException {
    Manifest manifest =
        snapshots
            .manifest()
            .orElseThrow(() -> new RefusedException("there is no log here: no StoreManifest"));
    if (manifest.foreign()) {
      throw new RefusedException("StoreManifest snapshot was changed by others: restore it first");
    }
    return manifest;
  }

  private Slots slots(int size) throws ApiCallException, InterruptedException {
    Map<Integer, ApiObject> objects = new HashMap<>();
    for (ApiObject object : await(api.list(LogKinds.SLOT, true)).objects()) {
      for (int index = 0; index < size; index++) {
        if (object.name().equals(Ring.name(index))) {
          objects.put(index, object);
        }
      }
    }
    return new Slots(objects, size);
  }

  private Before before(long position, Slots slots, Manifest manifest, SegmentList segments)
      throws RefusedException, ApiCallException, DamagedException, InterruptedException {
    Optional<LogEntry> entry = slots.entry(position);
    if (entry.isPresent()) {
      return new Before(entry.get().epoch(), entry.get().nonce(), entry);
    }
    if (position == 0) {
      return new Before(1, 0, Optional.empty());
    }
    if (position == manifest.position() && manifest.current().isPresent()) {
      Root root = snapshots.read(manifest.current().get());
      return new Before(root.epoch(), root.nonce(), Optional.empty());
    }
    if (!segments.foreign() && position == segments.to() && !segments.segments().isEmpty()) {
      LogEntry last = last(segments);
      return new Before(last.epoch(), last.nonce(), Optional.of(last));
    }
    throw new RefusedException(
        "entry %d cannot be read either: pass over that one first".formatted(position));
  }

  private LogEntry last(SegmentList segments)
      throws ApiCallException, DamagedException, InterruptedException {
    try {
      List<LogEntry> entries =
          SegmentContent.read(snapshots.segments().read(segments.segments().getLast()));
      return entries.getLast();
    } catch (DamagedException known) {
      throw known;
    } catch (IOException unreadable) {
      throw new DamagedException(String.valueOf(unreadable.getMessage()));
    }
  }

  private static String problem(long position, Slots slots, Before before, Optional<LogEntry> after)
      throws RefusedException {
    Optional<ApiObject> object = slots.object(position);
    if (object.isEmpty()) {
      return "StoreLog %s was deleted".formatted(Ring.name(slots.index(position)));
    }
    Slot slot = Slot.read(object.get(), slots.index(position), slots.size());
    if (slot instanceof Slot.Foreign foreign) {
      return "StoreLog %s: %s".formatted(foreign.name(), foreign.why());
    }
    Optional<LogEntry> entry = slots.entry(position);
    if (entry.isEmpty()) {
      return "StoreLog %s holds no entry that can be read".formatted(slot.name());
    }
    boolean follows = entry.get().previousNonce() == before.nonce();
    boolean isFollowed = after.isEmpty() || after.get().previousNonce() == entry.get().nonce();
    if (follows && isFollowed) {
      throw new RefusedException(
          "entry %d is whole: nothing has to be passed over".formatted(position));
    }
    return "StoreLog %s holds an entry that is not of this log".formatted(slot.name());
  }

  private static String lost(Before before, Optional<LogEntry> after) {
    Optional<Long> last =
        before
            .entry()
            .filter(entry -> !entry.commits().isEmpty())
            .map(entry -> entry.commits().getLast().revision().value());
    Optional<Long> next =
        after
            .filter(entry -> !entry.commits().isEmpty())
            .map(entry -> entry.commits().getFirst().revision().value());
    return "the changes after revision %s and before revision %s"
        .formatted(
            last.map(Long::toUnsignedString).orElse("(unknown)"),
            next.map(Long::toUnsignedString).orElse("(unknown)"));
  }

  /** Puts the empty entry there, if the object is as it was looked at. */
  public void passOver(Finding finding) throws ApiCallException, InterruptedException {
    StandIn standIn = finding.standIn();
    byte[] bytes = EntryCodec.encode(standIn.entry());
    if (standIn.object().isPresent()) {
      ApiObject before = standIn.object().get();
      ObjectNode spec = Slot.holding(standIn.entry(), bytes, before.generation() + 1);
      Void unused = await(api.replace(LogKinds.SLOT, standIn.name(), before.version(), spec, ""));
    } else {
      ObjectNode spec = Slot.holding(standIn.entry(), bytes, 1);
      Void unused = await(api.create(LogKinds.SLOT, standIn.name(), spec));
    }
  }
}
