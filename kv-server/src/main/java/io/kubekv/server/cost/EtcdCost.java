package io.kubekv.server.cost;

import static io.kubekv.server.cost.Text.bytes;
import static io.kubekv.server.cost.Text.formula;
import static io.kubekv.server.cost.Text.rate;

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
  private final ObjectSize size;

  EtcdCost(Workload workload) {
    this.workload = workload;
    this.size = new ObjectSize(workload.contents());
  }

  List<Figure> writes() {
    return List.of(revisions(), log(), database(), disk());
  }

  List<Figure> sizes() {
    return List.of(record(), live(), growth(), betweenCompactions(), peak());
  }

  private double changes() {
    Workload.Changes changes = workload.changes();
    return changes.events() + workload.service().leaseRenewals();
  }

  private Figure revisions() {
    return new Figure(
        "etcd.revisions",
        "revisions",
        changes(),
        Unit.PER_SECOND,
        formula(
            "events %s + renewals %s",
            rate(workload.changes().events()), rate(workload.service().leaseRenewals())),
        "");
  }

  private Figure log() {
    return logged()
        .figure(
            "etcd.wal",
            "log (WAL)",
            Unit.BYTES_PER_SECOND,
            formula(
                "in each member of etcd. An entry is the object, its key of %d B three times (made"
                    + " objects: twice), and %d B",
                size.etcdKey(), LOG_ENTRY));
  }

  private Sum logged() {
    Workload.Changes changes = workload.changes();
    double marked = logEntry(size.mark(), KEYS_OF_A_PUT) + logEntry(0, KEYS_OF_A_PUT);
    return new Sum()
        .add("puts", changes.puts(), logEntry(size.put(), KEYS_OF_A_PUT), "B")
        .add("creates", changes.creates(), logEntry(size.created(), KEYS_OF_A_CREATE), "B")
        .add("parents", changes.directories(), logEntry(size.directory(), KEYS_OF_A_CREATE), "B")
        .add("deletes", changes.deletes(), marked, "B")
        .add("renewals", workload.service().leaseRenewals(), renewalLogged(), "B");
  }

  private double renewalLogged() {
    return leaseBytes() + KEYS_OF_A_PUT * leaseKey() + LOG_ENTRY;
  }

  private double logEntry(long stored, int keys) {
    return stored + keys * size.etcdKey() + LOG_ENTRY;
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
            "%.1f batches/s x (%d pages of 4 KiB + %.1f x %d B) + growth %s/s",
            batches(),
            PAGES_OF_A_BATCH,
            RECORDS_REWRITTEN,
            recordBytes(size.put()),
            bytes(growthBytes())),
        "a batch every 100 ms, if anything changed: nobody else uses this etcd");
  }

  private double databaseBytes() {
    double rewritten = RECORDS_REWRITTEN * recordBytes(size.put());
    return batches() * (PAGES_OF_A_BATCH * EtcdPages.PAGE + rewritten) + growthBytes();
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

  private long recordBytes(long stored) {
    return EtcdPages.record(size.etcdKey(), stored);
  }

  private double pages(long stored) {
    return EtcdPages.of(recordBytes(stored));
  }

  private Sum grown() {
    Workload.Changes changes = workload.changes();
    double deleted = pages(size.mark()) + EtcdPages.of(TOMBSTONE + size.etcdKey());
    double renewed = EtcdPages.of(EtcdPages.record(leaseKey(), leaseBytes()));
    return new Sum()
        .add("puts", changes.puts(), pages(size.put()), "B")
        .add("creates", changes.creates(), pages(size.created()), "B")
        .add("parents", changes.directories(), pages(size.directory()), "B")
        .add("deletes", changes.deletes(), deleted, "B")
        .add("renewals", workload.service().leaseRenewals(), renewed, "B");
  }

  private double growthBytes() {
    return grown().value();
  }

  private Figure record() {
    long record = recordBytes(size.put());
    return new Figure(
        "database.object",
        "one revision of a key",
        EtcdPages.of(record),
        Unit.BYTES,
        formula(
            "pages of 4 KiB, shared by whole records of %d B (%d B object + %d B key + 50 B)",
            record, size.put(), size.etcdKey()),
        "each put stores the object anew, whatever of it has changed");
  }

  private double liveBytes() {
    return workload.contents().keys() * pages(size.put());
  }

  private Figure live() {
    return new Figure(
        "database.live",
        "all keys",
        liveBytes(),
        Unit.BYTES,
        formula("%d keys x %s", workload.contents().keys(), bytes(pages(size.put()))),
        "without the cluster's other objects");
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
    return liveBytes() + 2 * growthBytes() * workload.service().compaction().toSeconds();
  }

  private Figure peak() {
    long seconds = workload.service().compaction().toSeconds();
    return new Figure(
        "database.peak",
        "in use, at most",
        peakBytes(),
        Unit.BYTES,
        formula("%s + 2 x %s/s x %d s", bytes(liveBytes()), bytes(growthBytes()), seconds),
        "a compaction keeps what came since the one before: up to two intervals are there. The"
            + " file never shrinks by itself");
  }
}
