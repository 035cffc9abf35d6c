package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.zookeeper.ZooKeeperSession.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Fifteen clients of the keys, and some beside them that watch, lock, and let keys expire. Started
 * and ended once.
 */
public final class Load {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CATCH_UP = Duration.ofSeconds(60);
  private static final String LAST_KEY = HotKeys.ROOT + "last";

  private static final Optional<List<String>> NOTHING = Optional.of(List.of());

  private final List<Endpoint> endpoints;
  private final History history;
  private final SplittableRandom random;
  private final long pauseMillis;
  private final HotKeys keys = new HotKeys();
  private final Disorders disorders;
  private final Pace calls = new Pace();
  private final Pace watching = new Pace();
  private final List<Follower> watchers = new ArrayList<>();
  private final List<Thread> callers = new ArrayList<>();
  private final List<Thread> watcherThreads = new ArrayList<>();

  /**
   * @param pauseMillis of each client between two calls, on average
   */
  public Load(List<Endpoint> endpoints, History history, long seed, long pauseMillis) {
    this.endpoints = List.copyOf(endpoints);
    this.history = history;
    this.disorders = new Disorders(history);
    this.random = new SplittableRandom(seed);
    this.pauseMillis = pauseMillis;
  }

  /** Begins; blocks until the first directory is made. */
  public void start() throws IOException {
    makeDirectory(keys.directory());
    for (int i = 0; i < 4; i++) {
      keyClient("e" + i, i, at -> new EtcdDoor(at, TIMEOUT));
    }
    for (int i = 0; i < 3; i++) {
      keyClient("c" + i, i, at -> new ConsulDoor(at, TIMEOUT));
      keyClient("g" + i, i, at -> new GrpcDoor(at, TIMEOUT));
      keyClient("v" + i, i, at -> new EtcdV3Door(at, TIMEOUT));
    }
    for (int i = 0; i < 2; i++) {
      lockClient("lc" + i, LockClient.ROOT, i, at -> new ConsulDoor(at, TIMEOUT));
      lockClient("lg" + i, LockClient.ROOT, i, at -> new GrpcDoor(at, TIMEOUT));
      mortalClient("me" + i, MortalClient.TIME_TO_LIVE, i, at -> new EtcdDoor(at, TIMEOUT));
      mortalClient("mg" + i, MortalClient.TIME_TO_LIVE, i, at -> new GrpcDoor(at, TIMEOUT));
      Map<String, Long> leases = new ConcurrentHashMap<>();
      mortalClient(
          "mv" + i, MortalClient.TIME_TO_LIVE, i, at -> new EtcdV3Door(at, TIMEOUT, leases));
      watcher(new EtcdWatcher("we" + i, HotKeys.ROOT, endpoints, i, history, watching));
      watcher(new GrpcWatcher("wg" + i, HotKeys.ROOT, endpoints, i + 1, history, watching));
      watcher(new EtcdV3Watcher("wv" + i, HotKeys.ROOT, endpoints, i, history, watching));
      watcher(new ConsulWatcher("wc" + i, this::listed, endpoints, i + 2, history, watching));
    }
    startZooKeeper();
    callers.add(thread("gardener", this::rotate));
  }

  private void startZooKeeper() {
    Set<Integer> versions = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 2; i++) {
      keyClient("z" + i, i, at -> new ZooKeeperDoor(at, TIMEOUT, disorders));
      Map<String, Identity> lockers = new ConcurrentHashMap<>();
      lockClient("lz" + i, LockClient.QUEUES, i, at -> sessions(at, lockers));
      Map<String, Identity> mortals = new ConcurrentHashMap<>();
      mortalClient("mz" + i, LockClient.TIME_TO_LIVE, i, at -> sessions(at, mortals));
      OrderedClient ordered =
          new OrderedClient("o" + i, endpoints, i, TIMEOUT, disorders, versions, calls);
      callers.add(thread("o" + i, ordered));
    }
  }

  private ZooKeeperSessions sessions(Endpoint at, Map<String, Identity> known) {
    return new ZooKeeperSessions(at, TIMEOUT, disorders, known);
  }

  /** How many versions clients compared with what they knew before, by ZooKeeper's protocol. */
  public int comparisons() {
    return disorders.comparisons();
  }

  /** Only few keys while they change; in the end all. */
  private String listed() {
    return calls.isOver() ? HotKeys.ROOT : keys.directory();
  }

  private void keyClient(String name, int at, Function<Endpoint, Door> doors) {
    Seat<Door> seat = new Seat<>(endpoints, at, doors);
    callers.add(
        thread(name, new KeyClient(name, seat, keys, history, calls, random.split(), pauseMillis)));
  }

  private <D extends Sessions> void lockClient(
      String name, String root, int at, Function<Endpoint, D> doors) {
    Seat<D> seat = new Seat<>(endpoints, at, doors);
    callers.add(thread(name, new LockClient(name, root, seat, history, calls, random.split())));
  }

  private <D extends Mortals> void mortalClient(
      String name, Duration lives, int at, Function<Endpoint, D> doors) {
    Seat<D> seat = new Seat<>(endpoints, at, doors);
    callers.add(thread(name, new MortalClient(name, lives, seat, history, calls, random.split())));
  }

  private void watcher(Follower watcher) {
    watchers.add(watcher);
    watcherThreads.add(thread(watcher.name(), watcher));
  }

  private static Thread thread(String name, Runnable work) {
    return Thread.ofVirtual().name(name).start(work);
  }

  private void rotate() {
    while (!calls.isOver()) {
      if (keys.isWornOut() && madeDirectory(keys.nextDirectory())) {
        keys.rotate();
      }
      Pace.pause(50);
    }
  }

  private void makeDirectory(String directory) throws IOException {
    for (int tries = 0; tries < 50; tries++) {
      if (madeDirectory(directory)) {
        return;
      }
      Pace.pause(200);
    }
    throw new IOException("no replica makes the directory " + directory);
  }

  private boolean madeDirectory(String directory) {
    String key = directory.substring(0, directory.length() - 1);
    for (Endpoint endpoint : endpoints) {
      try (EtcdDoor door = new EtcdDoor(endpoint, TIMEOUT)) {
        if (door.makeDirectory(key)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Ends all calls but the watches; blocks until they have returned. */
  public void endCalls() throws IOException {
    calls.end();
    join(callers);
  }

  /**
   * Makes a last change, waits until every watcher has seen it, and lists everything over each API.
   *
   * @return the watchers that have not seen it in time
   */
  public List<String> settle() throws IOException {
    awaitAll(watcher -> watcher.watches(HotKeys.ROOT));
    long last = lastChange();
    watchers.forEach(watcher -> watcher.endAt(last));
    awaitAll(Follower::hasEnded);
    List<String> late =
        watchers.stream().filter(watcher -> !watcher.hasEnded()).map(Follower::name).toList();
    watching.end();
    lastChange(); // wakes whoever has seen it all and waits for more
    join(watcherThreads);
    list(at -> new EtcdDoor(at, TIMEOUT));
    list(at -> new ConsulDoor(at, TIMEOUT));
    list(at -> new GrpcDoor(at, TIMEOUT));
    list(at -> new EtcdV3Door(at, TIMEOUT));
    return late;
  }

  private void awaitAll(Predicate<Follower> state) {
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    while (!watchers.stream().allMatch(state) && System.nanoTime() < deadline) {
      Pace.pause(50);
    }
  }

  private long lastChange() throws IOException {
    Seat<Door> seat = new Seat<>(endpoints, 0, at -> new EtcdDoor(at, TIMEOUT));
    for (int tries = 0; tries < 100; tries++) {
      long id = history.nextCall();
      long invoked = System.nanoTime();
      String value = "last." + id;
      Answer answer = seat.door().call(Action.PUT, LAST_KEY, value, 0);
      Call call = new Call(id, "last", "etcd", seat.replica(), invoked, System.nanoTime());
      history.add(
          new Operation(
              call,
              Action.PUT,
              LAST_KEY,
              value,
              0,
              answer.result(),
              answer.seen(),
              answer.revision()));
      if (answer.result() == Result.DONE) {
        seat.close();
        return answer.revision();
      }
      seat.move();
      Pace.pause(200);
    }
    throw new IOException("no replica makes a change any more");
  }

  private void list(Function<Endpoint, Door> doors) {
    Seat<Door> seat = new Seat<>(endpoints, 0, doors);
    for (int tries = 0; tries < 20; tries++) {
      long id = history.nextCall();
      long invoked = System.nanoTime();
      Optional<Door.Listing> listing = seat.door().list(HotKeys.ROOT);
      Call call =
          new Call(id, "last", seat.door().name(), seat.replica(), invoked, System.nanoTime());
      if (listing.isPresent()) {
        history.add(
            new ListSeen(call, HotKeys.ROOT, listing.get().revision(), listing.get().items()));
        break;
      }
      seat.move();
      Pace.pause(200);
    }
    seat.close();
  }

  /** The locks that nobody gets in the time after which their last holders must be gone. */
  public List<String> deadLocks(Duration within) {
    List<String> dead = new ArrayList<>();
    try (Seat<ConsulDoor> consul = new Seat<>(endpoints, 0, at -> new ConsulDoor(at, TIMEOUT))) {
      dead.addAll(deadLocks(consul, LockClient.ROOT, within));
    }
    Map<String, Identity> known = new ConcurrentHashMap<>();
    try (Seat<ZooKeeperSessions> own = new Seat<>(endpoints, 0, at -> sessions(at, known))) {
      dead.addAll(deadLocks(own, LockClient.QUEUES, within));
    }
    return dead;
  }

  private List<String> deadLocks(Seat<? extends Sessions> seat, String root, Duration within) {
    List<String> dead = new ArrayList<>();
    LockClient client = new LockClient("last", root, seat, history, new Pace(), random.split());
    for (int i = 0; i < LockClient.LOCKS; i++) {
      if (!client.getsWithin(root + i, within)) {
        dead.add(root + i);
      }
    }
    return dead;
  }

  /**
   * What is left that nobody owns: keys that name a session when all have ended, sessions that did
   * not end, keys below a directory that was deleted.
   */
  public List<String> orphans(Duration within) {
    List<String> left = new ArrayList<>();
    try (Seat<ConsulDoor> consul = new Seat<>(endpoints, 0, at -> new ConsulDoor(at, TIMEOUT));
        Seat<EtcdDoor> etcd = new Seat<>(endpoints, 0, at -> new EtcdDoor(at, TIMEOUT))) {
      left.add("sessions that did not end: " + none(consul, within, ConsulDoor::sessions));
      left.addAll(orphanedNodes(within));
      left.add(
          "sessions that keys name: "
              + none(consul, within, door -> door.holders(LockClient.ROOT)));
      String root = HotKeys.ROOT.substring(0, HotKeys.ROOT.length() - 1);
      none(etcd, within, door -> door.deleteDirectory(root) ? NOTHING : Optional.empty());
      left.add(
          "keys below a deleted directory: "
              + none(consul, within, door -> keys(door.list(HotKeys.ROOT))));
    }
    left.removeIf(each -> each.endsWith(NOTHING.toString()));
    return left;
  }

  /** Nodes of ZooKeeper's sessions, all of which have ended. */
  private List<String> orphanedNodes(Duration within) {
    Map<String, Identity> known = new ConcurrentHashMap<>();
    List<String> left = new ArrayList<>();
    try (Seat<ZooKeeperSessions> seat = new Seat<>(endpoints, 0, at -> sessions(at, known))) {
      left.add("mortal nodes: " + none(seat, within, door -> door.children("/", "t-mz")));
      for (int i = 0; i < LockClient.LOCKS; i++) {
        String queue = "/zl-" + i;
        left.add(queue + ": " + none(seat, within, door -> door.children(queue, "")));
      }
      // a session that lives on would count as one of those that did not end
      seat.door().endLooking();
    }
    return left;
  }

  private static Optional<List<String>> keys(Optional<Door.Listing> listing) {
    return listing.map(seen -> seen.items().stream().map(ListSeen.Item::key).toList());
  }

  /** Asks until the answer is that there is nothing, or the time is over; the last answer. */
  private static <D extends AutoCloseable> Optional<List<String>> none(
      Seat<D> seat, Duration atMost, Function<D, Optional<List<String>>> question) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Optional<List<String>> answer = question.apply(seat.door());
    while (!answer.equals(NOTHING) && System.nanoTime() < deadline) {
      if (answer.isEmpty()) {
        seat.move();
      }
      Pace.pause(100);
      answer = question.apply(seat.door());
    }
    return answer;
  }

  private static void join(List<Thread> threads) throws IOException {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
