package io.kubekv.server.cost;

import static io.kubekv.server.cost.Text.formula;
import static io.kubekv.server.cost.Text.rate;

import java.util.List;

/** What the API server is asked, and the bytes that it sends and receives. */
final class ApiCost {
  private static final int AUDIT_SECONDS = 300;
  private static final int LIST_PAGE = 2000;
  private static final double LEASE_LOOKS = 2;

  /** kube-apiserver ends a watch after 30 to 60 minutes. */
  private static final double WATCH_SECONDS = 2700;

  /** Objects that mark deleted keys stay this long. */
  static final int MARKED_SECONDS = 90;

  /** Request and answer of a removal: preconditions, and a status. */
  private static final int REMOVAL = 500;

  /** Request and answer of a renewal: the Lease as JSON, managedFields included. */
  private static final int RENEWAL = 1700;

  /** One a minute. */
  private static final int BOOKMARK = 300;

  private final Workload workload;
  private final ObjectSize size;

  ApiCost(Workload workload) {
    this.workload = workload;
    this.size = new ObjectSize(workload.contents());
  }

  List<Figure> figures() {
    return List.of(
        updates(), creates(), removals(), renewals(), looks(), lists(), watches(), total());
  }

  List<Figure> bytesFigures() {
    return List.of(streams(), events(), stream(), streamsInAll(), bodies(), audit());
  }

  private Figure updates() {
    Workload.Changes changes = workload.changes();
    return new Figure(
        "api.update",
        "PUT of keys",
        changes.puts() + changes.deletes(),
        Unit.PER_SECOND,
        formula("puts %s + deletes %s", rate(changes.puts()), rate(changes.deletes())),
        "a delete is a put that marks the object; a key that is made again within 90 s of its"
            + " delete is a PUT, too, and no POST");
  }

  private Figure creates() {
    Workload.Changes changes = workload.changes();
    return new Figure(
        "api.create",
        "POST of keys",
        changes.made(),
        Unit.PER_SECOND,
        formula("creates %s x (1 + %d parents)", rate(changes.creates()), changes.parents()),
        "");
  }

  private Figure removals() {
    double deletes = workload.changes().deletes();
    return new Figure(
        "api.delete",
        "DELETE of marked keys",
        deletes,
        Unit.PER_SECOND,
        formula("deletes %s", rate(deletes)),
        "90 s later, in the background");
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

  private Figure lists() {
    int replicas = workload.service().replicas();
    long pages = Math.max(1, Math.ceilDiv(objects(), LIST_PAGE));
    return new Figure(
        "api.list",
        "LIST of keys",
        (double) replicas * pages / AUDIT_SECONDS,
        Unit.PER_SECOND,
        formula("%d replicas x %d pages / %d s", replicas, pages, AUDIT_SECONDS),
        "the audit of each replica's index; reads cost no call");
  }

  private Figure watches() {
    int replicas = workload.service().replicas();
    return new Figure(
        "api.watch",
        "WATCH of keys",
        replicas / WATCH_SECONDS,
        Unit.PER_SECOND,
        formula("%d replicas / 45 min", replicas),
        "kube-apiserver's default --min-request-timeout, which ends a watch after 30 to 60 min");
  }

  private Figure total() {
    double sum = 0;
    for (Figure each :
        List.of(updates(), creates(), removals(), renewals(), looks(), lists(), watches())) {
      sum += each.value();
    }
    return new Figure("api.total", "all calls", sum, Unit.PER_SECOND, "the sum", "");
  }

  private Figure streams() {
    int replicas = workload.service().replicas();
    return new Figure(
        "watch.streams",
        "watches open",
        replicas,
        Unit.COUNT,
        formula("one for each of %d replicas", replicas),
        formula("%d clients that watch cost none", workload.service().watchers()));
  }

  private Figure events() {
    Workload.Changes changes = workload.changes();
    return new Figure(
        "watch.events",
        "events, each stream",
        changes.events(),
        Unit.PER_SECOND,
        formula(
            "puts %s + made %s + 2 x deletes %s",
            rate(changes.puts()), rate(changes.made()), rate(changes.deletes())),
        "");
  }

  private Figure stream() {
    return streamed()
        .figure(
            "watch.bytes",
            "bytes, each stream",
            Unit.BYTES_PER_SECOND,
            "a line is the object and "
                + ObjectSize.event(0)
                + " B; no compression, which kube-apiserver does not use for watches; without TLS's"
                + " own bytes");
  }

  private Sum streamed() {
    Workload.Changes changes = workload.changes();
    return new Sum()
        .add("puts", changes.puts(), ObjectSize.event(size.put()), "B")
        .add("creates", changes.creates(), ObjectSize.event(size.created()), "B")
        .add("parents", changes.directories(), ObjectSize.event(size.directory()), "B")
        .add("deletes", changes.deletes(), 2 * ObjectSize.event(size.mark()), "B")
        .add("bookmarks", 1 / 60.0, BOOKMARK, "B");
  }

  private Figure streamsInAll() {
    int replicas = workload.service().replicas();
    double each = stream().value();
    return new Figure(
        "watch.bytes.total",
        "bytes, all streams",
        replicas * each,
        Unit.BYTES_PER_SECOND,
        formula("%d replicas x %s", replicas, Unit.BYTES_PER_SECOND.text(each)),
        "");
  }

  private Figure bodies() {
    Workload.Changes changes = workload.changes();
    return new Sum()
        .add("puts", changes.puts(), replaced(size.put()), "B")
        .add("creates", changes.creates(), made(size.created()), "B")
        .add("parents", changes.directories(), made(size.directory()), "B")
        .add("deletes", changes.deletes(), replaced(size.mark()) + REMOVAL, "B")
        .add("renewals", workload.service().leaseRenewals(), RENEWAL, "B")
        .figure(
            "api.bytes",
            "bytes of other calls",
            Unit.BYTES_PER_SECOND,
            "bodies of requests and answers, each the object, without headers");
  }

  private long replaced(long stored) {
    return size.replacing(stored) + ObjectSize.answer(stored);
  }

  private long made(long stored) {
    return size.making(stored) + ObjectSize.answer(stored);
  }

  private Figure audit() {
    int replicas = workload.service().replicas();
    long each = ObjectSize.event(size.put());
    return new Figure(
        "api.list.bytes",
        "bytes of audits",
        (double) replicas * objects() * each / AUDIT_SECONDS,
        Unit.BYTES_PER_SECOND,
        formula("%d replicas x %d objects x %d B / %d s", replicas, objects(), each, AUDIT_SECONDS),
        "on the average: they come at once, every five minutes");
  }

  /** Live and marked. */
  long objects() {
    return workload.contents().keys() + Math.round(MARKED_SECONDS * workload.changes().deletes());
  }
}
