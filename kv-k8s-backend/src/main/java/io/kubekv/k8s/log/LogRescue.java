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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operator does about an entry of the log that nobody can read any more, when no replica
 * runs that still has what it says: puts an empty entry in its place, so that the log can be read
 * again. What the entry has changed is lost. An entry that is whole in an object which others have
 * changed is put back as it is. Refuses wherever something whole could be lost. Blocks.
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
   * An entry that can be passed over, or put back.
   *
   * @param problem what is wrong with it, in words for an operator
   * @param newest the position of the last entry that stands
   * @param copies which snapshot and which segments there are
   * @param whole whether the object still has the entry, which is put back: nothing is lost
   * @param lost what is lost, in words for an operator
   */
  public record Finding(
      long position,
      String problem,
      long newest,
      String copies,
      boolean whole,
      String lost,
      StandIn standIn) {
    /** Whether this is what was found before: nobody has written since. */
    public boolean isAsBefore(Finding before) {
      return position == before.position
          && newest == before.newest
          && copies.equals(before.copies)
          && whole == before.whole
          && problem.equals(before.problem)
          && lost.equals(before.lost)
          && standIn
              .object()
              .map(ApiObject::version)
              .equals(before.standIn.object().map(ApiObject::version));
    }
  }

  /**
   * What takes its place.
   *
   * @param object the version of the object that it replaces; empty where there is none
   */
  record StandIn(LogEntry entry, Optional<ApiObject> object, String name) {}

  /** The entry before: what those after it chain to. */
  private record Before(long epoch, long nonce, Optional<LogEntry> entry) {}

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
    RingObjects slots = RingObjects.list(api, manifest.slots());
    requireNothingWholeAt(position, slots, copied);
    Before before = before(position - 1, slots, manifest, segments);
    Optional<LogEntry> after = after(position, slots);
    String problem = problem(position, slots, before, after);
    Optional<LogEntry> whole =
        slots.foreign(position).filter(entry -> isOfTheLog(entry, before, after));
    long newest = slots.newest();
    LogEntry takesItsPlace = whole.orElseGet(() -> standIn(position, before, after, newest));
    return new Finding(
        position,
        problem,
        newest,
        manifest.version() + " " + segments.version(),
        whole.isPresent(),
        whole.isPresent()
            ? "nothing: the object still has the entry, which is put back as it is"
            : lost(before, after),
        new StandIn(takesItsPlace, slots.object(position), Ring.name(slots.index(position))));
  }

  /** What stands in a slot beside the entry that was asked for may stand nowhere else. */
  private static void requireNothingWholeAt(long position, RingObjects slots, long copied)
      throws RefusedException {
    long newest = slots.newest();
    if (position > newest + 1) {
      throw new RefusedException(
          "there is no entry %d: the log ends at entry %d".formatted(position, newest));
    }
    if (position - slots.size() > copied) {
      throw new RefusedException(
          ("there can be no entry %d: its place belongs to entry %d, which is neither in a snapshot"
                  + " nor in a segment")
              .formatted(position, position - slots.size()));
    }
    Optional<Slot.Intact> intact =
        slots
            .slot(position)
            .filter(Slot.Intact.class::isInstance)
            .map(Slot.Intact.class::cast)
            .filter(slot -> slot.position() != position);
    if (intact.isPresent() && position > newest) {
      throw new RefusedException(
          "there is no entry %d: the log ends at entry %d, and StoreLog %s holds %s"
              .formatted(
                  position, newest, intact.get().name(), entryOrNone(intact.get().position())));
    }
    long held =
        intact
            .map(Slot.Intact::position)
            .or(() -> slots.held(position).map(LogEntry::position))
            .orElse(position);
    if (held > copied && held != position && slots.index(held) == slots.index(position)) {
      throw new RefusedException(
          "StoreLog %s holds entry %d, not entry %d: look which one kubekv status names now"
              .formatted(Ring.name(slots.index(position)), held, position));
    }
  }

  private static String entryOrNone(long position) {
    return position == 0 ? "no entry" : "entry " + position;
  }

  /** The entry after, if there is one; it must not be one that only a chain leads to. */
  private static Optional<LogEntry> after(long position, RingObjects slots)
      throws RefusedException {
    Optional<LogEntry> after = slots.entry(position + 1);
    if (after.isEmpty() && (position < slots.newest() || slots.foreign(position + 1).isPresent())) {
      throw new RefusedException(
          "entry %d cannot be read either: pass over that one first".formatted(position + 1));
    }
    return after;
  }

  private static LogEntry standIn(
      long position, Before before, Optional<LogEntry> after, long newest) {
    return LogEntry.standIn(
        position,
        before.epoch(),
        after.map(LogEntry::previousNonce).orElse(ThreadLocalRandom.current().nextLong() | 1),
        before.nonce(),
        Math.max(newest, position));
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

  private Before before(long position, RingObjects slots, Manifest manifest, SegmentList segments)
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

  private static String problem(
      long position, RingObjects slots, Before before, Optional<LogEntry> after)
      throws RefusedException {
    Optional<ApiObject> object = slots.object(position);
    if (object.isEmpty()) {
      return "StoreLog %s was deleted".formatted(Ring.name(slots.index(position)));
    }
    Slot slot = Slot.read(object.get(), slots.index(position), slots.size());
    if (slot instanceof Slot.Foreign foreign) {
      return "StoreLog %s: %s".formatted(foreign.name(), foreign.why());
    }
    if (slot.position() != position) {
      return "StoreLog %s holds %s, and has held entry %d: %s"
          .formatted(
              slot.name(),
              entryOrNone(slot.position()),
              position,
              slot.position() == 0 ? "it was deleted, and made again" : "a backup was put back");
    }
    Optional<LogEntry> entry = slots.entry(position);
    if (entry.isEmpty()) {
      return "StoreLog %s holds no entry that can be read".formatted(slot.name());
    }
    if (isOfTheLog(entry.get(), before, after)) {
      throw new RefusedException(
          "entry %d is whole: nothing has to be passed over".formatted(position));
    }
    return "StoreLog %s holds an entry that is not of this log".formatted(slot.name());
  }

  private static boolean isOfTheLog(LogEntry entry, Before before, Optional<LogEntry> after) {
    return entry.previousNonce() == before.nonce()
        && entry.epoch() >= before.epoch()
        && (after.isEmpty() || after.get().previousNonce() == entry.nonce());
  }

  private static String lost(Before before, Optional<LogEntry> after) {
    boolean inParts =
        before.entry().flatMap(LogEntry::part).map(part -> !part.last()).orElse(false)
            || after.flatMap(LogEntry::part).map(part -> part.number() > 0).orElse(false);
    return inParts
        ? lostRevisions(before, after)
            + "; it may be a part of a large change, which is lost whole, with all its other parts"
        : lostRevisions(before, after);
  }

  private static String lostRevisions(Before before, Optional<LogEntry> after) {
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

  /** Puts the empty entry there, or the whole one back, if the object is as it was looked at. */
  public void passOver(Finding finding) throws ApiCallException, InterruptedException {
    StandIn standIn = finding.standIn();
    byte[] bytes = EntryCodec.encode(standIn.entry());
    if (standIn.object().isPresent()) {
      ApiObject before = takesAnEdition(standIn, standIn.object().get(), bytes);
      ObjectNode spec = Slot.holding(standIn.entry(), bytes, before.generation() + 1);
      Void unused = await(api.replace(LogKinds.SLOT, standIn.name(), before.version(), spec, ""));
    } else {
      ObjectNode spec = Slot.holding(standIn.entry(), bytes, 1);
      Void unused = await(api.create(LogKinds.SLOT, standIn.name(), spec));
    }
  }

  /** A write that changes nothing makes no new generation: one that names it already differs. */
  private ApiObject takesAnEdition(StandIn standIn, ApiObject object, byte[] bytes)
      throws ApiCallException, InterruptedException {
    long next = object.generation() + 1;
    if (object.spec().path("edition").asLong(-1) != next) {
      return object;
    }
    ObjectNode other = Slot.holding(standIn.entry(), bytes, next + 2);
    Void unused = await(api.replace(LogKinds.SLOT, standIn.name(), object.version(), other, ""));
    return await(api.get(LogKinds.SLOT, standIn.name()))
        .filter(now -> now.uid().equals(object.uid()) && now.generation() == next)
        .orElse(object);
  }
}
