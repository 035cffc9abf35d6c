package io.kubekv.k8s.snapshot;

import io.kubekv.k8s.api.ApiObject;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The object that says which entries have been copied out of the ring: one after the other from
 * {@code from} on. As an entry is what stands at its position for ever, it need not be written at
 * one with the manifest of the snapshots, which says where one may begin to read here.
 *
 * @param version of the object
 * @param generation of the object; 0 when there is none
 * @param foreign whether somebody else has changed it
 * @param from the position before the first entry
 * @param segments in order, without gaps
 */
public record SegmentList(
    String version, long generation, boolean foreign, long from, List<Segment> segments) {
  static final String NAME = "snapshot-segments";

  public SegmentList {
    segments = List.copyOf(segments);
  }

  /** What there is before the object was made. */
  public static final SegmentList NONE = new SegmentList("", 0, false, 0, List.of());

  static SegmentList read(ApiObject object) {
    JsonNode spec = object.spec();
    long from = spec.path("from").asLong(-1);
    List<Segment> segments = new ArrayList<>();
    boolean ascending = true;
    long end = from;
    for (JsonNode one : spec.path("segments")) {
      Segment segment =
          new Segment(
              one.path("to").asLong(-1),
              one.path("bytes").asInt(0),
              one.path("chunk").asString(""));
      ascending &= segment.to() > end;
      end = segment.to();
      segments.add(segment);
    }
    boolean foreign =
        spec.path("edition").asLong(-1) != object.generation()
            || from < 0
            || !ascending
            || spec.path("position").asLong(-1) != end;
    return new SegmentList(object.version(), object.generation(), foreign, from, segments);
  }

  /** The content of the object that follows this one. */
  ObjectNode spec(int slots) {
    ObjectNode spec =
        JsonMapper.shared()
            .createObjectNode()
            .put("position", to())
            .put("slots", slots)
            .put("edition", generation + 1)
            .put("from", from);
    ArrayNode list = spec.putArray("segments");
    for (Segment segment : segments) {
      list.addObject()
          .put("to", segment.to())
          .put("bytes", segment.bytes())
          .put("chunk", segment.chunk());
    }
    return spec;
  }

  /** Whether the object stands, or has stood and was deleted; others may have changed it. */
  public boolean stands() {
    return generation > 0;
  }

  /** The position of the last entry. */
  public long to() {
    return segments.isEmpty() ? from : segments.getLast().to();
  }

  /** Those with an entry after a position. */
  public List<Segment> after(long position) {
    return segments.stream().filter(segment -> segment.to() > position).toList();
  }

  /** The same with more of them. */
  public SegmentList with(List<Segment> more) {
    List<Segment> all = new ArrayList<>(segments);
    all.addAll(more);
    return new SegmentList(version, generation, false, from, all);
  }

  /** The same without those that have no entry after a position. */
  public SegmentList without(long position) {
    List<Segment> kept = after(position);
    int dropped = segments.size() - kept.size();
    long begin = dropped == 0 ? from : segments.get(dropped - 1).to();
    return new SegmentList(version, generation, foreign, begin, kept);
  }

  /** One without entries that takes the place of this one. */
  public SegmentList startedAt(long position) {
    return new SegmentList(version, generation, false, position, List.of());
  }
}
