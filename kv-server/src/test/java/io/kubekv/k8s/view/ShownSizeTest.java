package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.cost.ObjectSize;
import io.kubekv.cost.Workload;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The cost model's size of an object that shows a key is that of what the view writes. */
class ShownSizeTest {
  private static final Key KEY = new Key("docker/network/v1.0/endpoint/01/00000001");
  private static final String NAMESPACE = "production";
  private static final String UID = "3f0b9f5c-6d0e-4a54-9d0e-8f4c6a1b2c3d";

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 10_000})
  void shown_isAsLongAsWhatIsStored(int value) {
    assertThat(stored(Bytes.utf8("x".repeat(value))))
        .isEqualTo((int) new ObjectSize(contents(value)).shown());
  }

  /** As an API server stores the object, after it has put its own fields in. */
  private static int stored(Bytes value) {
    Revision revision = new Revision(1_234_567);
    Entry entry =
        new Entry(
            KEY, Kind.VALUE, value, 0, revision, revision, 100, Optional.empty(), LockState.NONE);
    GenericKubernetesResource shown =
        ViewBodies.shows(entry, Cause.SET, "0123456789abcdef", Optional.empty(), Instant.EPOCH);
    Map<String, Object> status = new LinkedHashMap<>(ViewForm.map(shown, "status"));
    status.put("uid", UID);
    shown.setAdditionalProperty("status", status);
    ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(Serialization.asJson(shown));
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z").put("generation", 100);
    metadata.put("namespace", NAMESPACE).put("uid", UID);
    written(metadata.putArray("managedFields"));
    return JsonMapper.shared().writeValueAsBytes(object).length + "\n".length();
  }

  /** As a kube-apiserver 1.37 was seen to name the writer of an object. */
  private static void written(ArrayNode managed) {
    ObjectNode writer = managed.addObject();
    writer.put("apiVersion", "kubekv.io/v1").put("fieldsType", "FieldsV1");
    ObjectNode fields = writer.putObject("fieldsV1");
    fields.putObject("f:spec");
    fields.putObject("f:status");
    writer.put("manager", "kubekv").put("operation", "Update");
    writer.put("time", "2026-01-01T00:00:00Z");
  }

  private static Workload.Contents contents(int value) {
    return new Workload.Contents(1, KEY.text().length(), value, false, NAMESPACE.length());
  }
}
