package io.kubekv.server.cost;

/**
 * The bytes of one object, wherever it is written. The texts below are what a kube-apiserver stores
 * for a key, with its key, value and namespace cut out: their lengths are the model. Numbers in
 * them have as many digits as a store has that has been in use for a while.
 */
public final class ObjectSize {
  private static final String NAME = "k" + "0".repeat(52);
  private static final String UID = "00000000-0000-0000-0000-000000000000";
  private static final String METADATA =
      "{\"apiVersion\":\"kubekv.io/v1\",\"kind\":\"KeyValue\",\"metadata\":{"
          + "\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"generation\":123,\"name\":\""
          + NAME
          + "\",\"namespace\":\"\",\"uid\":\""
          + UID
          + "\"},";
  private static final String WRITE = "\"writeId\":\"" + UID + "-12345@1234567\"";
  private static final String CREATED_AT = "\"createRevision\":\"1234567\",";
  private static final int PUT =
      (METADATA
              + "\"spec\":{\"cause\":\"Set\","
              + CREATED_AT
              + "\"key\":\"\",\"type\":\"Value\",\"value\":\"\",\"version\":123,"
              + WRITE
              + "}}\n")
          .length();
  private static final int MARK =
      (METADATA
              + "\"spec\":{\"cause\":\"Delete\","
              + CREATED_AT
              + "\"deleted\":true,\"key\":\"\",\"type\":\"Value\",\"version\":123,"
              + WRITE
              + "}}\n")
          .length();

  /** Who wrote which field: the API server adds it to what is made; a replacement drops it. */
  private static final int MANAGED =
      ("\"managedFields\":[{\"apiVersion\":\"kubekv.io/v1\",\"fieldsType\":\"FieldsV1\","
              + "\"fieldsV1\":{\"f:spec\":{}},\"manager\":\"fabric8-kubernetes-client\","
              + "\"operation\":\"Update\",\"time\":\"2026-01-01T00:00:00Z\"}],")
          .length();

  /** What the API server adds to any object that it stores. */
  private static final int ADDED =
      "\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"generation\":123,\"namespace\":\"\",\n"
          .length();

  private static final int UID_FIELD = ("\"uid\":\"" + UID + "\",").length();
  private static final int CLEARED = "\"managedFields\":[{}],".length();
  private static final int REVISION = "\"resourceVersion\":\"1234567\",".length();
  private static final int FRAME = "{\"type\":\"MODIFIED\",\"object\":}".length();
  private static final int ETCD_KEY = "/registry/kubekv.io/keyvalues//".length() + NAME.length();

  private final Workload.Contents contents;

  public ObjectSize(Workload.Contents contents) {
    this.contents = contents;
  }

  /** A key that was replaced at least once. */
  public long put() {
    return PUT + named() + value();
  }

  /** A key that was never replaced. */
  public long created() {
    return PUT - CREATED_AT.length() + MANAGED + named() + value();
  }

  /** A directory that was made for a key. */
  public long directory() {
    return created() - value();
  }

  /** What marks a key as deleted. */
  public long mark() {
    return MARK + named();
  }

  /** The key in etcd, of each of them. */
  public long etcdKey() {
    return (long) ETCD_KEY + contents.namespaceBytes();
  }

  /** The line of a watch that tells of an object of so many bytes. */
  public static long event(long stored) {
    return stored + REVISION + FRAME;
  }

  /** The body of a PUT that leads to an object of so many bytes. */
  public long replacing(long stored) {
    return stored - ADDED - contents.namespaceBytes() + REVISION + CLEARED;
  }

  /** The body of a POST that leads to one. */
  public long making(long stored) {
    return stored - ADDED - contents.namespaceBytes() - MANAGED - UID_FIELD;
  }

  /** The body of the answer to either. */
  static long answer(long stored) {
    return stored + REVISION;
  }

  private long named() {
    return contents.keyBytes() + contents.namespaceBytes();
  }

  /** In JSON: no character escaped. */
  private long value() {
    long bytes = contents.valueBytes();
    return contents.binary() ? (bytes + 2) / 3 * 4 + "Base64".length() : bytes;
  }
}
