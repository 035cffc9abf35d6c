package io.kubekv.k8s;

import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a store and how they are wired: who hears the watch, and which threads run. */
final class Machinery implements Index.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Machinery.class);

  /** How long closing waits for what is under way. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  final History history;
  final Index index;
  final Holder holder;
  final Reads reads;
  final Writes writes;
  final WritesAtOnce writesAtOnce;
  final RangeDeletes ranges;
  final Expirer expirer;
  final KubernetesSessions sessions;
  private final SessionTable sessionTable;
  private final SessionTimers sessionTimers;
  private final SessionEnds sessionEnds;
  private final KubernetesApi api;
  private final LeaseApi leaseApi;
  private final Unsettled unsettled = new Unsettled();
  private final Checkpoints checkpoints;
  private final Removals removals;
  final ResourceWatch watch;
  final Leadership leadership;
  final Replica replica;
  private final KubernetesStoreConfig config;
  private final Upkeep upkeep;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  Machinery(
      KubernetesApi bare,
      LeaseApi bareLease,
      Clocks clocks,
      KubernetesStoreConfig config,
      StoreObserver observer) {
    api = new ObservedKubernetesApi(bare, observer);
    leaseApi =
        new ObservedLeaseApi(
            bareLease,
            (verb, resource, code, time) ->
                observer.called(StoreObserver.Call.valueOf(verb + "_LEASE"), code, time));
    this.config = config;
    history = new History(config.historyBytes());
    sessionTable = new SessionTable(clocks::nanoTime);
    index = new Index(history, clocks::wall, sessionTable, this);
    checkpoints = new Checkpoints(clocks);
    watch =
        new ResourceWatch(
            api,
            new EventGate(index, this::isHolding, config.historyBytes()),
            this::formerCheckpoint);
    Committer committer =
        new ObjectCommitter(
            new WriteAttempt.Means(
                api, index, new Semaphore(config.concurrentWrites()), watch::suspect),
            unsettled);
    WriteIds ids = new WriteIds();
    PathOrder order = new PathOrder();
    PathOrder sessionOrder = new PathOrder();
    LockDelays delays = new LockDelays(sessionTable, clocks);
    holder =
        new Holder(
            index, committer, ids, this::isForwarding, watch::release, term -> restartTimers());
    reads = new Reads(index, holder, config.patience());
    writes =
        new Writes(
            index,
            committer,
            holder,
            ids,
            order,
            sessionOrder,
            delays,
            config.limits(),
            clocks::wall);
    writesAtOnce = new WritesAtOnce(index, committer, holder, order, writes);
    ranges = new RangeDeletes(index, writes, holder, order);
    expirer =
        new Expirer(index, writes, ranges, holder, order, config.patience(), clocks, observer);
    removals = new Removals(api, index, unsettled, clocks, config.markedRetention());
    sessionTimers =
        new SessionTimers(sessionTable, writes, holder, sessionOrder, config.patience(), clocks);
    sessionEnds =
        new SessionEnds(sessionTable, writes, holder, removals, delays, config.patience());
    sessions =
        new KubernetesSessions(
            sessionTable, writes, reads, holder, sessionTimers, sessionEnds, sessionOrder, config);
    leadership =
        new Leadership(
            leaseApi, config.lease(), clocks, watch::isStoreNew, this::annotations, holder);
    replica = new Replica(index, history, watch, holder, leadership, clocks, config);
    upkeep =
        new Upkeep(
            config,
            index,
            watch,
            holder,
            leadership,
            removals,
            checkpoints,
            new Audit(api, index),
            clocks);
  }

  void start() {
    threads.add(Threads.start("watch", watch::run));
    threads.add(Threads.start("lease", leadership::run));
    threads.add(Threads.start("expiry", expirer::run));
    threads.add(Threads.start("session-timers", sessionTimers::run));
    threads.add(Threads.start("session-ends", sessionEnds::run));
    threads.add(Threads.start("tick", () -> unsettled.run(api::endOverdue)));
    threads.add(Threads.start("upkeep", upkeep::run));
  }

  /** Why the store is not active here. */
  String reason() {
    String problem = watch.problem();
    return problem.isEmpty() ? holder.reason() : holder.reason() + "; " + problem;
  }

  /** How all is now. */
  StoreFigures figures() {
    Revision shown = index.seen().now();
    ResourceWatch.Mended mended = watch.mended();
    return new StoreFigures(
        leadership.term().map(Term::left).orElse(Duration.ZERO),
        leadership.renewalsFailed(),
        shown,
        isHolding() ? shown : watch.announced(),
        watch.silence(),
        mended.lists(),
        mended.reconnects(),
        index.foreignCount(),
        upkeep.audits(),
        upkeep.repairs());
  }

  void reportWaiting() {
    log.warn("not active yet, still trying: {}", reason());
  }

  @Override
  public void changed(StoredObject object, Revision previous) {
    unsettled.changed(object, previous);
    switch (object.type()) {
      case VALUE, DIRECTORY -> changedKey(object);
      case SESSION -> changedSession(object);
      case MARKER -> {}
    }
  }

  @Override
  public void removed(String name) {
    unsettled.removed(name);
  }

  @Override
  public void lost(SessionId session) {
    sessionTimers.gone(session);
    sessionEnds.over(session);
  }

  @Override
  public void relisted(Index now) {
    unsettled.relisted(now);
    removals.relisted();
    expirer.relisted();
    sessionTimers.relisted();
    sessionEnds.allOver();
  }

  @Override
  public void restored() {
    if (isHolding()) {
      holder.restored();
    }
    checkpoints.clear();
  }

  @Override
  public void close() {
    holder.close();
    leadership.close();
    watch.close();
    expirer.close();
    sessionTimers.close();
    sessionTable.changed().close();
    history.close();
    threads.forEach(Thread::interrupt);
    awaitThreads();
  }

  /** The caller may close the client next, which a watch must not be using then. */
  private void awaitThreads() {
    Deadline deadline = Deadline.in(CLOSING);
    try {
      for (Thread thread : threads) {
        if (!thread.join(Duration.ofNanos(Math.max(0, deadline.left())))) {
          log.warn("{} does not end", thread.getName());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void changedKey(StoredObject object) {
    expirer.changed(object);
    if (!object.isLive()) {
      removals.marked(object);
    }
    object
        .spec()
        .lock()
        .holder()
        .filter(id -> !sessionTable.lives(id))
        .ifPresent(sessionEnds::over);
  }

  private void changedSession(StoredObject object) {
    sessionTimers.changed(object);
    if (object.isOver()) {
      sessionEnds.over(object.sessionId());
    }
  }

  private void restartTimers() {
    expirer.restartAll();
    sessionTimers.restartAll();
    sessionEnds.allOver();
  }

  private boolean isHolding() {
    return leadership.isHolding();
  }

  /** Whether another process holds the lease, and calls are to be made there. */
  boolean isForwarding() {
    return config.replicaAddress().isPresent()
        && replica.lease().filter(lease -> !lease.ours()).isPresent();
  }

  private Map<String, String> annotations() {
    Map<String, String> all = new HashMap<>(checkpoints.annotations());
    all.put(Replica.ADDRESS_ANNOTATION, config.replicaAddress().orElse(""));
    all.put(ReplicaSecret.ANNOTATION, replica.secret());
    return all;
  }

  private Optional<Revision> formerCheckpoint() {
    return leaseApi.get() instanceof LeaseApi.Answer.Got got
        ? Checkpoints.in(got.lease().annotations())
        : Optional.empty();
  }
}
