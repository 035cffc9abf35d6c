package io.kubekv.cost;

/** How much of etcd's database one revision takes: bbolt fills pages with whole revisions. */
final class EtcdPages {
  static final int PAGE = 4096;

  /** etcd lets bbolt fill a page of revisions to nine tenths, because they come in order. */
  private static final double FILLED = 0.9 * PAGE;

  private static final int PAGE_HEADER = 16;

  /** bbolt never makes a leaf of fewer. */
  private static final int LEAST_ON_A_LEAF = 2;

  /**
   * Beside key and value: a leaf's element (16), the revision as bbolt's key (17), and the fields
   * of etcd's record with its lengths, create and modify revision and version (17).
   */
  private static final int RECORD = 50;

  private EtcdPages() {}

  /** A revision as it lies in a leaf. */
  static long record(long etcdKey, long stored) {
    return RECORD + etcdKey + stored;
  }

  /** The bytes of pages that an object takes, by its key's size and its own. */
  static double of(double stored, double etcdKey) {
    return of(record(Math.round(etcdKey), Math.round(stored)));
  }

  /** The bytes of pages that a revision takes, its share of what stays empty included. */
  static double of(long record) {
    long each = Math.max(LEAST_ON_A_LEAF, (long) ((FILLED - PAGE_HEADER) / record));
    long pages = Math.ceilDiv(PAGE_HEADER + each * record, PAGE);
    return (double) pages * PAGE / each;
  }
}
