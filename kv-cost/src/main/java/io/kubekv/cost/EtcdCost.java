package io.kubekv.cost;

import static io.kubekv.cost.Text.bytes;
import static io.kubekv.cost.Text.formula;
import static io.kubekv.cost.Text.rate;

import java.util.ArrayList;
import java.util.List;

/** What one member of etcd writes, and how large its database becomes. */
final class EtcdCost {
  /**
   * A change in etcd's log, beside the object and its key: the transaction's own fields, the
   * lengths of everything, the entry and the hard state behind it, their checksums.
   */
  private static final int LOG_ENTRY = 115;

  /** Log of a put: the key is put, compared, and read when the comparison fails. */
  private static final int KEYS_OF_A_PUT = 3;

  private static final int KEYS_OF_A_CREATE = 2;

  /** The Lease as etcd has it: protobuf, managedFields included. */
  private static final int LEASE = 565;

  private static final int LEASE_KEY = "/registry/leases//kubekv".length();

  /** Its record in the database, with the key only. */
  private static final int TOMBSTONE = 30;

  /** A batch rewrites the path from the root to the last leaf, and what it says about itself. */
  private static final int PAGES_OF_A_BATCH = 7;

  private static final double BATCHES_AT_MOST = 10;

  /** The leaf that the last batch left unfinished is written again. */
  private static final double RECORDS_REWRITTEN = 2.5;

  private final Workload workload;
  private final LogLoad load;
  private final ObjectSize size;
  private final List<Writes> writes;
  private final Standing standing;

  EtcdCost(Workload workload) {
    this.workload = workload;
    this.load = new LogLoad(workload);
    this.size = new ObjectSize(workload.contents());
    this.writes = Writes.of(workload);
    this.standing = new Standing(workload);
  }

  List<Figure> writes() {
    return List.of(revisions(), log(), database(), disk());
  }

  List<Figure> sizes() {
    List<Figure> figures = new ArrayList<>(List.of(record()));
    figures.addAll(standing.figures());
    figures.addAll(List.of(growth(), betweenCompactions(), peak()));
    return figures;
  }

  private double changes() {
    return workload.service().leaseRenewals() + writes.stream().mapToDouble(Writes::rate).sum();
  }

  private Figure revisions() {
    Sum sum = new Sum();
    writes.forEach(each -> sum.add(each.what(), each.rate(), 1, "revision"));
    return sum.add("renewals", workload.service().leaseRenewals(), 1, "revision")
        .figure("etcd.revisions", "revisions", Unit.PER_SECOND, "");
  }

  private Figure log() {
    return logged()
        .figure(
            "etcd.wal",
            "log (WAL)",
            Unit.BYTES_PER_SECOND,
            "in each member of etcd. A record is the object, its key three times (of what is made:"
                + " twice), and "
                + LOG_ENTRY
                + " B");
  }

  private Sum logged() {
    Sum sum = new Sum();
    for (Writes each : writes) {
      int keys = each.verb() == Writes.Verb.POST ? KEYS_OF_A_CREATE : KEYS_OF_A_PUT;
      sum.add(each.what(), each.rate(), each.stored() + keys * each.key() + LOG_ENTRY, "B");
    }
    return sum.add("renewals", workload.service().leaseRenewals(), renewalLogged(), "B");
  }

  private double renewalLogged() {
    return leaseBytes() + KEYS_OF_A_PUT * leaseKey() + LOG_ENTRY;
  }

  private long leaseBytes() {
    return (long) LEASE + workload.contents().namespaceBytes();
  }

  private long leaseKey() {
    return (long) LEASE_KEY + workload.contents().namespaceBytes();
  }

  /** One a tenth of a second, when there is something to write. */
  private double batches() {
    return BATCHES_AT_MOST * -Math.expm1(-changes() / BATCHES_AT_MOST);
  }

  private Figure database() {
    return new Figure(
        "etcd.backend",
        "database",
        databaseBytes(),
        Unit.BYTES_PER_SECOND,
        formula(
            "%.1f batches/s x (%d pages of 4 KiB + %.1f x %.0f B) + growth %s/s",
            batches(), PAGES_OF_A_BATCH, RECORDS_REWRITTEN, meanRecord(), bytes(growthBytes())),
        "a batch every 100 ms, if anything changed: nobody else uses this etcd");
  }

  private double databaseBytes() {
    return batches() * (PAGES_OF_A_BATCH * EtcdPages.PAGE + RECORDS_REWRITTEN * meanRecord())
        + growthBytes();
  }

  /** A batch ends in the middle of a leaf: of small records, for large ones have their own. */
  private double meanRecord() {
    return Math.min(EtcdPages.PAGE, recordBytes(size.slot(load.entryBytes()), size.slotKey()));
  }

  private Figure disk() {
    return new Figure(
        "etcd.disk",
        "to the disk",
        logged().value() + changes() * EtcdPages.PAGE + databaseBytes(),
        Unit.BYTES_PER_SECOND,
        formula("log + %s x 4 KiB (the last page of each sync) + database", rate(changes())),
        "one sync of the log a change; when many clients write at once, one sync serves several"
            + " changes, and this is the most");
  }

  private static long recordBytes(double stored, double key) {
    return EtcdPages.record(Math.round(key), Math.round(stored));
  }

  private Sum grown() {
    Sum sum = new Sum();
    for (Writes each : writes) {
      double record =
          each.stored() == 0
              ? EtcdPages.of(TOMBSTONE + Math.round(each.key()))
              : EtcdPages.of(each.stored(), each.key());
      sum.add(each.what(), each.rate(), record, "B");
    }
    double renewed = EtcdPages.of(EtcdPages.record(leaseKey(), leaseBytes()));
    return sum.add("renewals", workload.service().leaseRenewals(), renewed, "B");
  }

  private double growthBytes() {
    return grown().value();
  }

  private Figure record() {
    double stored = size.slot(load.entryBytes());
    return new Figure(
        "database.entry",
        "one entry of the log",
        EtcdPages.of(stored, size.slotKey()),
        Unit.BYTES,
        formula(
            "pages of 4 KiB, shared by whole records of %d B (%.0f B object + %.0f B key + 50 B)",
            recordBytes(stored, size.slotKey()), stored, size.slotKey()),
        "each entry stores its slot anew");
  }

  private Figure growth() {
    return grown()
        .figure("database.growth", "growth", Unit.BYTES_PER_SECOND, "until the next compaction");
  }

  private Figure betweenCompactions() {
    long seconds = workload.service().compaction().toSeconds();
    return new Figure(
        "database.interval",
        "growth between compactions",
        growthBytes() * seconds,
        Unit.BYTES,
        formula("%s/s x %d s", bytes(growthBytes()), seconds),
        "kube-apiserver's --etcd-compaction-interval");
  }

  double peakBytes() {
    return standing.inAll() + 2 * growthBytes() * workload.service().compaction().toSeconds();
  }

  private Figure peak() {
    long seconds = workload.service().compaction().toSeconds();
    return new Figure(
        "database.peak",
        "in use, at most",
        peakBytes(),
        Unit.BYTES,
        formula("%s + 2 x %s/s x %d s", bytes(standing.inAll()), bytes(growthBytes()), seconds),
        "a compaction keeps what came since the one before: up to two intervals are there. The"
            + " file never shrinks by itself");
  }
}
