package io.kubekv.e2e.zookeeper;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.ReplicaSet;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.process.ProcessorTime;
import io.kubekv.e2e.process.ServerGauges;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.SyncRequest;

/**
 * Very many sessions at one of two replicas, each with an ephemeral node. They do nothing but say
 * that they live; then their replica is killed, and all but a few go on at the other.
 */
final class SessionsScenario {
  private static final List<ACL> OPEN = List.of(new ACL(31, new Id("world", "anyone")));
  private static final String PARENT = "/sessions";
  private static final int EPHEMERAL = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** One of so many does not come back. */
  private static final int AWAY = 50;

  /** Over which the last sessions end that nobody hears of. */
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(3);

  private final ReplicaSet set;
  private final List<InetSocketAddress> doors;
  private final LightSessions sessions;
  private final int count;
  private final Form form;
  private final Map<LightSession, String> nodes = new HashMap<>();

  /**
   * @param timeout of the sessions
   * @param settling how long they do nothing but say that they live, before it is measured
   * @param steady how long they do so while it is measured
   * @param leaseSeconds of the replicas
   */
  record Form(Duration timeout, Duration settling, Duration steady, int leaseSeconds) {
    private static final Duration COMPILED = Duration.ofSeconds(20);

    /** Whether the replicas have run long enough for their processor time to tell something. */
    boolean settled() {
      return settling.compareTo(COMPILED) >= 0;
    }
  }

  private SessionsScenario(
      ReplicaSet set, List<InetSocketAddress> doors, LightSessions sessions, int count, Form form) {
    this.set = set;
    this.doors = doors;
    this.sessions = sessions;
    this.count = count;
    this.form = form;
  }

  /** Blocks until it is over. */
  static SessionsSeen run(int count, Form form) throws IOException {
    List<InetSocketAddress> doors = List.of(FreePorts.next(), FreePorts.next());
    List<List<String>> flags =
        doors.stream()
            .map(door -> List.of("--zookeeper-listen", StoreProcess.hostAndPort(door)))
            .toList();
    try (ReplicaSet set = ReplicaSet.start(form.leaseSeconds(), flags);
        LightSessions sessions = new LightSessions(count, form.timeout())) {
      return new SessionsScenario(set, doors, sessions, count, form).run();
    }
  }

  private SessionsSeen run() throws IOException {
    StoreProcess serving =
        set.holder(set.replicas()).orElseThrow(() -> new IOException("nobody holds the store"));
    StoreProcess other =
        set.replicas().stream().filter(each -> each != serving).findFirst().orElseThrow();
    try (ZooKeeperSession observer = observer(serving)) {
      var unused = observer.ask(Op.CREATE, new CreateRequest(PARENT, new byte[0], OPEN, 0));
    }
    begin(door(serving));
    Steady steady = steady(serving);
    int away = Math.max(1, count / AWAY);
    serving.kill();
    long killed = System.nanoTime();
    List<LightSession> silent = sessions.silence(away);
    int over = sessions.comeBack(door(other)).size();
    Duration back = Duration.ofNanos(System.nanoTime() - killed);
    Check.say("%d sessions are back, %d were over", sessions.all().size(), over);
    sessions.keepAlive(SessionsSeen.timeToLive(form.timeout()).plus(ENDED_WITHIN));
    Set<String> found = found(other);
    return new SessionsSeen(
        count,
        form.timeout(),
        form.steady(),
        steady.signs(),
        steady.entries(),
        steady.revisions(),
        steady.cores(),
        form.settled(),
        back,
        over,
        kept(found),
        away,
        (int) silent.stream().filter(each -> found.contains(nodes.get(each))).count());
  }

  private ZooKeeperSession observer(StoreProcess replica) throws IOException {
    return new ZooKeeperSession(door(replica), PATIENCE, PATIENCE, ZooKeeperSession.Identity.NONE);
  }

  private InetSocketAddress door(StoreProcess replica) {
    return doors.get(set.replicas().indexOf(replica));
  }

  private void begin(InetSocketAddress door) throws IOException {
    sessions.begin(door);
    for (LightSession each : sessions.all()) {
      nodes.put(each, "s" + nodes.size());
    }
    sessions.each(
        session -> {
          String path = PARENT + "/" + nodes.get(session);
          return session
              .ask(Op.CREATE, new CreateRequest(path, new byte[0], OPEN, EPHEMERAL))
              .thenAccept(made -> LightSessions.require(made.error() == 0, "no node was made"));
        });
    Check.say("%d sessions have begun, each with an ephemeral node", count);
    sessions.keepAlive(form.settling());
  }

  /** What was seen while the sessions did nothing but say that they live. */
  private record Steady(long signs, long entries, long revisions, double cores) {}

  private Steady steady(StoreProcess serving) throws IOException {
    try (ZooKeeperSession observer = observer(serving)) {
      long revision = revision(observer);
      long entries = entries(serving);
      double busy = busy();
      long begun = System.nanoTime();
      long signs = sessions.keepAlive(form.steady());
      double seconds = (System.nanoTime() - begun) / 1e9;
      double cores = (busy() - busy) / seconds;
      return new Steady(signs, entries(serving) - entries, revision(observer) - revision, cores);
    }
  }

  private static long revision(ZooKeeperSession observer) throws IOException {
    return observer.ask(Op.SYNC, new SyncRequest("/")).zxid();
  }

  /** Entries of the log that a replica has written, or tried to. */
  private static long entries(StoreProcess replica) throws IOException {
    ServerGauges gauges = new ServerGauges(replica);
    double sum = 0;
    for (String verb : List.of("create", "replace")) {
      sum +=
          gauges.value(
              "kubekv_api_seconds_count", "resource=\"storelogs\"", "verb=\"%s\"".formatted(verb));
    }
    return (long) sum;
  }

  /** Processor time of both replicas and of the API server that keeps their keys. */
  private double busy() throws IOException {
    double seconds = ProcessorTime.seconds(set.api());
    for (StoreProcess each : set.replicas()) {
      seconds += ProcessorTime.seconds(each);
    }
    return seconds;
  }

  /** The nodes that there are, by their names. */
  private Set<String> found(StoreProcess replica) throws IOException {
    try (ZooKeeperSession observer = observer(replica)) {
      var unused = observer.ask(Op.SYNC, new SyncRequest("/"));
      return observer
          .ask(Op.GET_CHILDREN, new GetChildrenRequest(PARENT, false))
          .body()
          .read(new GetChildrenResponse())
          .getChildren()
          .stream()
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** How many sessions see their own node, which others see as well. */
  private int kept(Set<String> found) throws IOException {
    int[] kept = {0};
    sessions.each(
        session -> {
          String node = nodes.get(session);
          CompletableFuture<ZooKeeperSession.Answer> answer =
              session.ask(Op.EXISTS, new ExistsRequest(PARENT + "/" + node, false));
          return answer.thenAccept(
              own -> {
                if (found.contains(node) && isOf(session, own)) {
                  kept[0]++;
                }
              });
        });
    return kept[0];
  }

  private static boolean isOf(LightSession session, ZooKeeperSession.Answer answer) {
    try {
      return answer.error() == 0
          && answer.body().read(new ExistsResponse()).getStat().getEphemeralOwner() == session.id();
    } catch (IOException noStat) {
      return false;
    }
  }
}
