package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.Manifest;
import io.kubekv.k8s.snapshot.Segment;
import io.kubekv.k8s.snapshot.SegmentList;
import io.kubekv.k8s.snapshot.SegmentObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes segments of what the ring holds, within bounds. Blocks; for one thread at a time. */
final class SegmentCopying {
  /** Chunks that are written for one writing of the list. */
  private static final int TOGETHER = 8;

  /** Of all entries above the snapshot, before base64. */
  private static final long MOST_BYTES = 192L << 20;

  private final ObjectApi api;
  private final SegmentObjects segments;
  private final RingView view;
  private final OwnEntries own;
  private final int most;

  /**
   * @param own entries that need not be read from the ring
   * @param most how many segments there may be above the snapshot
   */
  SegmentCopying(ObjectApi api, SegmentObjects segments, RingView view, OwnEntries own, int most) {
    this.api = api;
    this.segments = segments;
    this.view = view;
    this.own = own;
    this.most = most;
  }

  /** Whether there are so many that a snapshot should take their place soon. */
  boolean isNearlyFull(List<Segment> above) {
    return above.size() * 4L > most * 3L || bytes(above) * 4 > MOST_BYTES * 3;
  }

  private static long bytes(List<Segment> segments) {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  /** The list with a few more segments, whose chunks stand. */
  SegmentList copied(Manifest manifest, SegmentList before, long newest, int slots)
      throws ApiCallException, InterruptedException, NeedsSnapshotException {
    boolean continues = before.stands() && !before.foreign();
    if (continues) {
      Optional<List<Segment>> more = copy(manifest, before, newest, slots);
      if (more.isPresent()) {
        return before.with(more.get());
      }
    }
    if (continues && before.to() > manifest.position()) {
      throw new NeedsSnapshotException(
          "the ring does not have the entries that follow its segments");
    }
    SegmentList anew = before.startedAt(manifest.position());
    return anew.with(
        copy(manifest, anew, newest, slots)
            .orElseThrow(
                () ->
                    new NeedsSnapshotException(
                        "the ring does not have all entries after the snapshot at %d, and the list"
                                .formatted(manifest.position())
                            + " of those that were copied out of it was deleted or changed by"
                            + " others")));
  }

  /** Empty when an entry is not there any more. */
  private Optional<List<Segment>> copy(Manifest manifest, SegmentList list, long newest, int slots)
      throws ApiCallException, InterruptedException, NeedsSnapshotException {
    List<Segment> above = list.after(manifest.position());
    if (above.size() >= most || bytes(above) > MOST_BYTES) {
      throw new NeedsSnapshotException(
          "there are as many segments above the snapshot as there may be");
    }
    int together = Math.min(TOGETHER, most - above.size());
    List<Segment> made = new ArrayList<>();
    SegmentContent content = new SegmentContent();
    Optional<OwnEntries.Stored> last = Optional.empty();
    long position = list.to() + 1;
    for (; position <= newest && made.size() < together; position++) {
      Optional<OwnEntries.Stored> found = entry(position, slots);
      if (found.isEmpty() || !follows(found.get(), last)) {
        return Optional.empty();
      }
      last = found;
      if (!content.hasRoomFor(found.get().bytes())) {
        made.add(segments.write(position - 1, content.take()));
      }
      content.add(found.get().bytes());
    }
    if (!content.isEmpty() && made.size() < together) {
      made.add(segments.write(position - 1, content.take()));
    }
    return Optional.of(made);
  }

  private static boolean follows(OwnEntries.Stored entry, Optional<OwnEntries.Stored> last) {
    return last.map(before -> before.nonce() == entry.previousNonce()).orElse(true);
  }

  private Optional<OwnEntries.Stored> entry(long position, int slots)
      throws ApiCallException, InterruptedException {
    Optional<OwnEntries.Stored> known = own.get(position);
    if (known.isPresent() && !view.ask(ring -> isAnother(ring, position, known)).orElse(false)) {
      return known;
    }
    int index = (int) (position % slots);
    return await(api.get(LogKinds.SLOT, Ring.name(index)))
        .map(object -> Slot.read(object, index, slots))
        .filter(slot -> slot instanceof Slot.Intact && slot.position() == position)
        .flatMap(slot -> stored((Slot.Intact) slot));
  }

  /** Whether the ring shows another entry there: a backup was put back, and others went on. */
  private static boolean isAnother(Ring ring, long position, Optional<OwnEntries.Stored> known) {
    return ring.at(position) instanceof Slot.Intact slot
        && slot.position() == position
        && slot.nonce() != known.orElseThrow().nonce();
  }

  private static Optional<OwnEntries.Stored> stored(Slot.Intact slot) {
    try {
      LogEntry entry = slot.decode();
      return Optional.of(
          new OwnEntries.Stored(
              entry.nonce(), entry.previousNonce(), Base64.getDecoder().decode(slot.entry())));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
