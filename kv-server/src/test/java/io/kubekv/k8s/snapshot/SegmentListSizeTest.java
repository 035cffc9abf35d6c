package io.kubekv.k8s.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.cost.ObjectSize;
import io.kubekv.cost.Workload;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The cost model's size of the list of segments is that of what is written. */
class SegmentListSizeTest {
  private static final String NAMESPACE = "production";
  private static final int COUNT = 40;

  @Test
  void list_isAsLongAsWhatIsStored() {
    List<Segment> segments =
        IntStream.range(0, COUNT)
            .mapToObj(n -> new Segment(1_234_567 + n * 512L, 123_456, "0".repeat(64)))
            .toList();
    SegmentList list = new SegmentList("1", 1_233, false, 1_234_000, segments);
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.put("apiVersion", "kubekv.io/v1").put("kind", "StoreManifest");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", SegmentList.NAME).put("namespace", NAMESPACE).put("generation", 1_234);
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.put("uid", "3f0b9f5c-6d0e-4a54-9d0e-8f4c6a1b2c3d");
    object.set("spec", list.spec(1_024));
    ObjectSize size = new ObjectSize(new Workload.Contents(1, 1, 1, false, NAMESPACE.length()));

    // between segments there is a comma less than there are segments
    assertThat(JsonMapper.shared().writeValueAsBytes(object).length + "\n,".length())
        .isEqualTo((int) size.segmentList(COUNT));
  }
}
