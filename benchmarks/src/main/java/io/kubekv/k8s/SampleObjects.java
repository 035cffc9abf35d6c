package io.kubekv.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;

/** Objects as a store of Docker's networks has them. */
final class SampleObjects {
  private static final String UID = "3f0b9f5c-6d0e-4a54-9d0e-8f4c6a1b2c3d";
  private static final String WRITE = "0123456789abcdef";

  private SampleObjects() {}

  /** The key with a number, at the depth of Docker's. */
  static Key key(int number) {
    return new Key("docker/network/v1.0/endpoint/%02d/%08d".formatted(number % 100, number));
  }

  static Bytes value(int size) {
    return Bytes.utf8("x".repeat(size));
  }

  static ObjectSpec spec(Key key, int size, Revision basedOn) {
    WriteId write = new WriteId(WRITE, basedOn);
    return ObjectSpec.first(ObjectType.VALUE, key, value(size), Cause.SET, write);
  }

  static StoredObject object(Key key, int size, long revision) {
    ObjectSpec spec = spec(key, size, Revision.ZERO);
    return new StoredObject(
        ObjectNames.of(ObjectType.VALUE, key), UID, new Revision(revision), spec);
  }

  /** The frame of a watch that tells of an object, with what an API server adds. */
  static byte[] frame(StoredObject object) {
    String managed =
        "\"managedFields\":[{\"manager\":\"kubekv\",\"operation\":\"Update\",\"apiVersion\":"
            + "\"kubekv.io/v1\",\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\","
            + "\"fieldsV1\":{\"f:spec\":{}}}],";
    String spec = new String(ObjectJson.toReplace(object, object.spec()), UTF_8);
    String seen =
        spec.replace("\"managedFields\":[{}]", managed + "\"generation\":7").replace(",,", ",");
    return ("{\"type\":\"MODIFIED\",\"object\":" + seen + "}\n").getBytes(UTF_8);
  }
}
