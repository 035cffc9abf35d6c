package io.kubekv.cost;

/**
 * The bytes of the objects that a store has, as a kube-apiserver stores them. The texts below are
 * these objects with their contents cut out: their lengths are the model. Numbers in them have as
 * many digits as a store has that has been in use for a while.
 */
public final class ObjectSize {
  private static final String UID = "00000000-0000-0000-0000-000000000000";
  private static final String SLOT_NAME = "log-00000";
  private static final String CHUNK_NAME = "0".repeat(64);
  private static final String KEY_NAME = "k" + "0".repeat(52);
  private static final String GROUP_KEY = "/registry/kubekv.io/";

  private static final int SLOT =
      stored("StoreLog", SLOT_NAME, 1_234)
          + ("{\"bytes\":12345,\"edition\":1234,\"entry\":\"\",\"epoch\":12,"
                  + "\"nonce\":\"0123456789abcdef\",\"position\":1234567,"
                  + "\"previousNonce\":\"0123456789abcdef\"}")
              .length();
  private static final int CHUNK =
      stored("StoreChunk", CHUNK_NAME, 1) + "{\"bytes\":12345,\"content\":\"\"}".length();
  private static final int MANIFEST =
      stored("StoreManifest", "snapshot", 1_234)
          + ("{\"edition\":1234,\"manifest\":\"\",\"position\":1234567,\"previous\":\"\","
                  + "\"slots\":1024}")
              .length();

  private static final int SEGMENTS =
      stored("StoreManifest", "snapshot-segments", 1_234)
          + ("{\"edition\":1234,\"from\":1234567,\"position\":1234567,\"segments\":[],"
                  + "\"slots\":1024}")
              .length();
  private static final int SEGMENT =
      ("{\"bytes\":123456,\"chunk\":\"" + CHUNK_NAME + "\",\"to\":1234567},").length();

  /** A Store object; most of it is its condition. */
  private static final int STORE = 1_200;

  private static final int SHOWN =
      stored("KeyValue", KEY_NAME, 123)
          + ("{\"cause\":\"Set\",\"createRevision\":\"1234567\",\"key\":\"\",\"type\":\"Value\","
                  + "\"value\":\"\",\"version\":123},\"status\":{\"hash\":\""
                  + "0".repeat(43)
                  + "\",\"revision\":\"1234567\",\"store\":\""
                  + "0".repeat(16)
                  + "\",\"uid\":\""
                  + UID
                  + "\"}")
              .length();

  /** Who wrote which field: the API server adds it; of the log's objects it is cleared. */
  private static final int MANAGED =
      ("\"managedFields\":[{\"apiVersion\":\"kubekv.io/v1\",\"fieldsType\":\"FieldsV1\","
              + "\"fieldsV1\":{\"f:spec\":{},\"f:status\":{}},\"manager\":\"kubekv\","
              + "\"operation\":\"Update\",\"time\":\"2026-01-01T00:00:00Z\"}],")
          .length();

  private static final int REVISION = "\"resourceVersion\":\"1234567\",".length();
  private static final int FRAME = "{\"type\":\"MODIFIED\",\"object\":}".length();

  private final Workload.Contents contents;

  public ObjectSize(Workload.Contents contents) {
    this.contents = contents;
  }

  /** An object without its {@code spec}, in a namespace whose name has no length. */
  private static int stored(String kind, String name, int generation) {
    return ("{\"apiVersion\":\"kubekv.io/v1\",\"kind\":\""
            + kind
            + "\",\"metadata\":{\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"generation\":"
            + generation
            + ",\"name\":\""
            + name
            + "\",\"namespace\":\"\",\"uid\":\""
            + UID
            + "\"},\"spec\":}\n")
        .length();
  }

  /** A slot with an entry of so many bytes. */
  public double slot(double entry) {
    return SLOT + contents.namespaceBytes() + base64(entry);
  }

  /** A part of a snapshot of so many bytes. */
  public double chunk(double content) {
    return CHUNK + MANAGED + contents.namespaceBytes() + base64(content);
  }

  /** What names so many parts of the newest snapshot, and as many of the one before. */
  double manifest(double chunks) {
    return MANIFEST + contents.namespaceBytes() + 2 * base64(40 + 34 * chunks);
  }

  /** What names so many segments of the log. */
  public double segmentList(double segments) {
    return SEGMENTS + contents.namespaceBytes() + SEGMENT * segments;
  }

  /** What says how the store is. */
  double store() {
    return STORE + contents.namespaceBytes();
  }

  /** An object that shows a key. */
  public double shown() {
    return SHOWN + MANAGED + contents.namespaceBytes() + contents.keyBytes() + value();
  }

  double slotKey() {
    return key("storelogs", SLOT_NAME);
  }

  double chunkKey() {
    return key("storechunks", CHUNK_NAME);
  }

  double manifestKey() {
    return key("storemanifests", "snapshot");
  }

  double segmentListKey() {
    return key("storemanifests", "snapshot-segments");
  }

  double storeKey() {
    return key("stores", "store");
  }

  double shownKey() {
    return key("keyvalues", KEY_NAME);
  }

  private double key(String plural, String name) {
    return GROUP_KEY.length() + plural.length() + 2 + name.length() + contents.namespaceBytes();
  }

  /** The line of a watch that tells of an object of so many bytes. */
  static double event(double stored) {
    return stored + REVISION + FRAME;
  }

  private static double base64(double bytes) {
    return Math.ceil(bytes / 3) * 4;
  }

  /** In JSON: no character escaped. */
  private double value() {
    double bytes = contents.valueBytes();
    return contents.binary() ? base64(bytes) + "Base64".length() : bytes;
  }
}
