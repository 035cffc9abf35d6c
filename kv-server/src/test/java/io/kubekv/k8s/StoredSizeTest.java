package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.server.cost.ObjectSize;
import io.kubekv.server.cost.Workload;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cost model's size of an object is that of what the store sends, after the API server has put
 * its own fields in.
 */
class StoredSizeTest {
  private static final String UUID = "3f0b9f5c-6d0e-4a54-9d0e-8f4c6a1b2c3d";
  private static final Key KEY = new Key("docker/network/v1.0/endpoint/01/00000001");
  private static final String NAMESPACE = "production";
  private static final Revision REVISION = new Revision(7_654_321);

  @Test
  void put_isAsLongAsWhatIsStored() {
    for (int size : new int[] {1, 100, 10_000}) {
      assertThat(stored(updated(Bytes.utf8("x".repeat(size))))).isEqualTo(sizes(size, false).put());
    }
  }

  @Test
  void requests_areAsLongAsWhatTheStoreSends() {
    ObjectSpec spec = updated(Bytes.utf8("x".repeat(100)));
    ObjectSpec first = spec(Bytes.utf8("x".repeat(100)), Optional.empty());
    ObjectSize sizes = sizes(100, false);

    assertThat(ObjectJson.toReplace(object(spec), spec).length)
        .isEqualTo((int) sizes.replacing(sizes.put()));
    assertThat(ObjectJson.toCreate(first).length).isEqualTo((int) sizes.making(sizes.created()));
  }

  @Test
  void binaryPut_isAsLongAsWhatIsStored() {
    byte[] binary = new byte[1000];
    binary[0] = (byte) 0xff;

    assertThat(stored(updated(Bytes.copyOf(binary)))).isEqualTo(sizes(1000, true).put());
  }

  @Test
  void mark_isAsLongAsWhatIsStored() {
    ObjectSpec before = updated(Bytes.utf8("x".repeat(100)));

    ObjectSpec mark = object(before).deletedBy(UUID + "-54321", Cause.DELETE);

    assertThat(stored(mark)).isEqualTo(sizes(100, false).mark());
  }

  private static ObjectSize sizes(int value, boolean binary) {
    int key = KEY.text().length();
    return new ObjectSize(new Workload.Contents(1, key, value, binary, NAMESPACE.length()));
  }

  private static ObjectSpec updated(Bytes value) {
    return spec(value, Optional.of(REVISION));
  }

  private static ObjectSpec spec(Bytes value, Optional<Revision> created) {
    return new ObjectSpec(
        ObjectType.VALUE,
        KEY,
        value,
        0,
        100,
        created,
        Optional.empty(),
        LockState.NONE,
        Cause.SET,
        false,
        Optional.of(new WriteId(UUID + "-54321", REVISION)));
  }

  private static StoredObject object(ObjectSpec spec) {
    return new StoredObject(ObjectNames.of(ObjectType.VALUE, KEY), UUID, REVISION, spec);
  }

  /** As a kube-apiserver 1.37 was seen to store the object that the store sends. */
  private static int stored(ObjectSpec spec) {
    JsonMapper json = JsonMapper.shared();
    ObjectNode object = (ObjectNode) json.readTree(ObjectJson.toReplace(object(spec), spec));
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    metadata.remove("resourceVersion");
    metadata.remove("managedFields");
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.put("generation", 100);
    metadata.put("namespace", NAMESPACE);
    return json.writeValueAsBytes(object).length + "\n".length();
  }
}
