package io.kubekv.cost;

import static io.kubekv.cost.Text.formula;
import static io.kubekv.cost.Text.rate;

import java.util.List;

/** What the API server is asked, and the bytes that it sends and receives. */
final class ApiCost {
  private static final double LEASE_LOOKS = 2;
  private static final long READS_OF_A_COPYING = 3;
  private static final long READS_OF_A_SNAPSHOT = 4;

  /** kube-apiserver ends a watch after 30 to 60 minutes. */
  private static final double WATCH_SECONDS = 2700;

  /** Request and answer of a removal: preconditions, and a status. */
  private static final int REMOVAL = 500;

  /** Request and answer of a renewal: the Lease as JSON, managedFields included. */
  private static final int RENEWAL = 1700;

  /** One a minute. */
  private static final int BOOKMARK = 300;

  private final Workload workload;
  private final LogLoad load;
  private final List<Writes> writes;

  ApiCost(Workload workload) {
    this.workload = workload;
    this.load = new LogLoad(workload);
    this.writes = Writes.of(workload);
  }

  List<Figure> figures() {
    return List.of(
        entries(),
        calls("api.snapshot", "of segments and snapshots", 1, 7),
        snapshotReads(),
        calls("api.view", "of the view", 7, writes.size()),
        renewals(),
        looks(),
        watches(),
        total());
  }

  List<Figure> bytesFigures() {
    return List.of(streams(), stream(), streamsInAll(), bodies());
  }

  private Figure entries() {
    return new Figure(
        "api.entries",
        "PUT of entries of the log",
        load.entries(),
        Unit.PER_SECOND,
        formula(
            "one at a time, each %d ms, for %s requests",
            workload.service().answer().toMillis(), rate(load.requests())),
        "requests that do not wait for one another; what comes while an entry is on its way is the"
            + " next one");
  }

  private Figure calls(String name, String what, int from, int to) {
    Sum sum = new Sum();
    writes.subList(from, to).forEach(each -> sum.add(each.what(), each.rate(), 1, "call"));
    return sum.figure(name, "calls " + what, Unit.PER_SECOND, "");
  }

  private Figure snapshotReads() {
    return new Sum()
        .add("copyings", load.segments().copyings(), READS_OF_A_COPYING, "reads")
        .add("snapshots", load.snapshots(), READS_OF_A_SNAPSHOT, "reads")
        .figure(
            "api.snapshot.reads",
            "GET and LIST for them",
            Unit.PER_SECOND,
            "of the manifest and the list of segments, and which chunks there are");
  }

  private Figure renewals() {
    Workload.Service service = workload.service();
    return new Figure(
        "api.lease.update",
        "PUT of the Lease",
        service.leaseRenewals(),
        Unit.PER_SECOND,
        formula("1 / (lease %d ms / 3)", service.leaseDuration().toMillis()),
        "");
  }

  private Figure looks() {
    int followers = workload.service().replicas() - 1;
    return new Figure(
        "api.lease.get",
        "GET of the Lease",
        LEASE_LOOKS * followers,
        Unit.PER_SECOND,
        formula("2/s x %d replicas without the lease", followers),
        "");
  }

  private Figure watches() {
    int watches = workload.service().replicas() + 1;
    return new Figure(
        "api.watch",
        "WATCH of the log and the view",
        watches / WATCH_SECONDS,
        Unit.PER_SECOND,
        formula("%d watches / 45 min", watches),
        "kube-apiserver's default --min-request-timeout, which ends a watch after 30 to 60 min");
  }

  private Figure total() {
    double sum = snapshotReads().value() + renewals().value() + looks().value() + watches().value();
    for (Writes each : writes) {
      sum += each.rate();
    }
    return new Figure(
        "api.total",
        "all calls",
        sum,
        Unit.PER_SECOND,
        "the sum",
        "what clients read costs no call");
  }

  private Figure streams() {
    int replicas = workload.service().replicas();
    return new Figure(
        "watch.streams",
        "watches open",
        replicas + 1,
        Unit.COUNT,
        formula("one of the log for each of %d replicas, and the holder's of shown keys", replicas),
        formula("%d clients that watch cost none", workload.service().watchers()));
  }

  private Figure stream() {
    Writes entries = writes.getFirst();
    return new Sum()
        .add("entries", entries.rate(), ObjectSize.event(entries.stored()), "B")
        .add("bookmarks", 1 / 60.0, BOOKMARK, "B")
        .figure(
            "watch.bytes",
            "bytes, each watch of the log",
            Unit.BYTES_PER_SECOND,
            "a line is the object and "
                + Math.round(ObjectSize.event(0))
                + " B; no compression, which kube-apiserver does not use for watches; without TLS's"
                + " own bytes");
  }

  private Figure streamsInAll() {
    int replicas = workload.service().replicas();
    double each = stream().value();
    double view = load.viewUpdates() + load.viewMade() + load.viewRemoved();
    double shown = ObjectSize.event(new ObjectSize(workload.contents()).shown());
    return new Figure(
        "watch.bytes.total",
        "bytes, all watches",
        replicas * each + view * shown,
        Unit.BYTES_PER_SECOND,
        formula(
            "%d replicas x %s + shown keys %s x %.0f B",
            replicas, Unit.BYTES_PER_SECOND.text(each), rate(view), shown),
        "");
  }

  private Figure bodies() {
    Sum sum = new Sum();
    for (Writes each : writes) {
      sum.add(each.what(), each.rate(), each.stored() == 0 ? REMOVAL : 2 * each.stored(), "B");
    }
    return sum.add("renewals", workload.service().leaseRenewals(), RENEWAL, "B")
        .figure(
            "api.bytes",
            "bytes of other calls",
            Unit.BYTES_PER_SECOND,
            "bodies of requests and answers, each about the object, without headers");
  }
}
