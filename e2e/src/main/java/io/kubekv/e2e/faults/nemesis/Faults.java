package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The kinds of faults, and a fault of each on demand. */
final class Faults {
  /** Makes one fault. */
  private interface Kind {
    Fault make(Replica target);
  }

  /** For how long it is waited that a request comes which a fault is for. */
  private static final Duration STRIKE = Duration.ofSeconds(20);

  private final Cluster cluster;
  private final SplittableRandom random;

  Faults(Cluster cluster, SplittableRandom random) {
    this.cluster = cluster;
    this.random = random;
  }

  /**
   * One of each kind, made when its turn comes. What befalls the requests of the log comes first,
   * so that no run is without it; each part in random order.
   */
  List<Supplier<Fault>> deck() {
    List<Kind> ofTheLog = List.of(this::entries, this::snapshots, this::leases, this::following);
    List<Kind> others = new ArrayList<>();
    others.addAll(List.of(this::kill, this::pause, this::restart, this::killApi, this::pauseApi));
    others.addAll(List.of(this::cutApi, this::silenceApi, this::slowApi, this::slowAnswers));
    others.addAll(List.of(this::dropWatch, this::freezeWatch, this::forget, this::cutLease));
    others.addAll(List.of(this::busy, this::erroneous, this::timingOut, this::swallow));
    others.addAll(List.of(this::cutClients, this::slowClients, this::cutReplicas));
    others.addAll(List.of(this::wallForward, this::wallBack, this::suspend, this::restartAll));
    if (cluster.api().hasStorage()) {
      others.addAll(List.of(this::killStorage, this::compactStorage));
    }
    if (PacketFilter.isAvailable()) {
      others.addAll(List.of(this::loseApi, this::loseClients, this::loseReplicas));
    }
    List<Supplier<Fault>> deck = new ArrayList<>(shuffled(ofTheLog));
    deck.addAll(shuffled(others));
    return deck;
  }

  private List<Supplier<Fault>> shuffled(List<Kind> kinds) {
    List<Kind> left = new ArrayList<>(kinds);
    List<Supplier<Fault>> shuffled = new ArrayList<>();
    while (!left.isEmpty()) {
      Kind next = left.remove(random.nextInt(left.size()));
      shuffled.add(() -> next.make(target()));
    }
    return shuffled;
  }

  /** Mostly the holder. */
  private Replica target() {
    return random.nextInt(10) < 7 ? holder() : any();
  }

  private Replica holder() {
    return cluster.holder().orElseGet(this::any);
  }

  private Replica any() {
    List<Replica> all = cluster.replicas();
    return all.get(random.nextInt(all.size()));
  }

  private Fault entries(Replica target) {
    return befall("break-entries", holder(), LogRequests::isEntry);
  }

  private Fault snapshots(Replica target) {
    return befall(Nemesis.SNAPSHOTS, holder(), LogRequests::isSnapshot);
  }

  private Fault leases(Replica target) {
    return befall("break-leases", target, LogRequests::isLease);
  }

  /** The watch of the log ends, and the lists and watches after it are broken. */
  private Fault following(Replica target) {
    return befall("break-following", target, LogRequests::isFollowing);
  }

  /** Two of three requests of a kind meet something; lasts until some have. */
  private Fault befall(String kind, Replica target, Predicate<ApiRequest> which) {
    SplittableRandom own = random.split();
    ApiProxy api = target.api();
    AtomicInteger struck = new AtomicInteger();
    Function<ApiRequest, Treatment> rule =
        request -> {
          if (!which.test(request) || own.nextInt(3) == 0) {
            return Treatment.PASS;
          }
          struck.incrementAndGet();
          return anything(own);
        };
    Duration lasts = Duration.ofMillis(random.nextLong(2000, 5000));
    Fault.Step begin =
        () -> {
          api.treat(rule);
          if (kind.equals("break-following")) {
            api.cutWatches();
          }
        };
    Fault.Step end =
        () -> {
          long deadline = System.nanoTime() + STRIKE.toNanos();
          while (struck.get() == 0 && System.nanoTime() < deadline) {
            Waiting.pause(Duration.ofMillis(50));
          }
          api.heal();
        };
    return new Fault(kind, target.name(), lasts, begin, end, struck::get);
  }

  private static Treatment anything(SplittableRandom random) {
    long late = random.nextLong(5, 1000);
    return switch (random.nextInt(8)) {
      case 0 -> new Treatment.Cut();
      case 1 -> new Treatment.Swallow();
      case 2 -> new Treatment.Delay(late);
      case 3 -> new Treatment.DelayAnswer(late);
      case 4 -> Treatment.throttled(1);
      case 5 -> Treatment.failing(500, "InternalError");
      case 6 -> new Treatment.Misreport(Treatment.failing(500, "InternalError"));
      default -> new Treatment.Misreport(Treatment.failing(504, "Timeout"));
    };
  }

  private Fault kill(Replica target) {
    Program program = target.program();
    return fault("kill-replica", target, 200, 2000, program::kill, () -> start(target));
  }

  private Fault pause(Replica target) {
    Program program = target.program();
    long lease = Cluster.LEASE.toMillis();
    return fault("pause-replica", target, lease + 500, 3 * lease, program::pause, program::resume);
  }

  private Fault restart(Replica target) {
    Program program = target.program();
    return fault("restart-replica", target, 1, 500, program::terminate, () -> start(target));
  }

  private Fault killApi(Replica target) {
    ApiServer api = cluster.api();
    return fault("kill-api-server", api.name(), 200, 3000, api::kill, api::startAgain);
  }

  private Fault pauseApi(Replica target) {
    ApiServer api = cluster.api();
    return fault("pause-api-server", api.name(), 500, 5000, api::pause, api::resume);
  }

  private Fault killStorage(Replica target) {
    ApiServer api = cluster.api();
    return fault("kill-etcd", api.name(), 1, 10, api::restartStorage, () -> {});
  }

  /** The API server that starts again knows no state that was superseded. */
  private Fault compactStorage(Replica target) {
    ApiServer api = cluster.api();
    Fault.Step compact =
        () -> {
          api.kill();
          api.compactStorage();
        };
    return fault("compact-etcd", api.name(), 1, 500, compact, api::startAgain);
  }

  private Fault loseApi(Replica target) {
    return lost("lose-api", target, List.of(target.api().uri().getPort()));
  }

  private Fault loseClients(Replica target) {
    List<Integer> ports = target.doors().stream().map(door -> door.address().getPort()).toList();
    return lost("lose-clients", target, ports);
  }

  private Fault loseReplicas(Replica target) {
    return lost("lose-replica", target, List.of(target.grpc().address().getPort()));
  }

  /** TCP sends again what was lost after twice the time at most: so long it takes to be over. */
  private Fault lost(String kind, Replica target, List<Integer> ports) {
    List<List<PacketFilter.Way>> some =
        List.of(
            List.of(PacketFilter.Way.TO),
            List.of(PacketFilter.Way.FROM),
            List.of(PacketFilter.Way.values()));
    List<PacketFilter.Way> ways = some.get(random.nextInt(some.size()));
    Duration lasts = Duration.ofMillis(random.nextLong(300, 5000));
    Fault.Step restore =
        () -> {
          PacketFilter.restore();
          Waiting.pause(lasts);
        };
    return new Fault(kind, target.name(), lasts, () -> PacketFilter.lose(ports, ways), restore);
  }

  private Fault cutApi(Replica target) {
    return treated("cut-api", target, request -> new Treatment.Cut(), true);
  }

  private Fault silenceApi(Replica target) {
    CountDownLatch end = new CountDownLatch(1);
    Treatment silence = new Treatment.Silence(end);
    ApiProxy api = target.api();
    return fault(
        "silence-api",
        target,
        500,
        6000,
        () -> {
          api.freezeWatches();
          api.treat(request -> silence);
        },
        () -> {
          api.treat(request -> Treatment.PASS);
          end.countDown();
          api.cutWatches();
          api.heal();
        });
  }

  private Fault slowApi(Replica target) {
    long millis = random.nextLong(20, 800);
    return treated("slow-api", target, request -> new Treatment.Delay(millis), false);
  }

  /** Only some of the requests are late, so that others overtake them. */
  private Fault slowAnswers(Replica target) {
    SplittableRandom own = random.split();
    return treated(
        "reorder-api",
        target,
        request ->
            own.nextInt(3) == 0 ? new Treatment.Delay(own.nextLong(5, 1500)) : Treatment.PASS,
        false);
  }

  private Fault dropWatch(Replica target) {
    Function<ApiRequest, Treatment> noWatch =
        request -> request.kind() == ApiRequest.Kind.WATCH ? new Treatment.Cut() : Treatment.PASS;
    return treated("drop-watch", target, noWatch, true);
  }

  private Fault freezeWatch(Replica target) {
    ApiProxy api = target.api();
    return fault("freeze-watch", target, 200, 4000, api::freezeWatches, api::heal);
  }

  private Fault forget(Replica target) {
    ApiProxy api = target.api();
    return fault("forget-history", target, 1, 500, api::forget, api::heal);
  }

  private Fault cutLease(Replica target) {
    Function<ApiRequest, Treatment> noLease =
        request -> request.kind() == ApiRequest.Kind.LEASE ? new Treatment.Cut() : Treatment.PASS;
    return treated("cut-lease", target, noLease, false);
  }

  private Fault busy(Replica target) {
    return some("answer-429", target, Treatment.throttled(1));
  }

  private Fault erroneous(Replica target) {
    return some("answer-500", target, Treatment.failing(500, "InternalError"));
  }

  private Fault timingOut(Replica target) {
    return some("answer-504", target, Treatment.failing(504, "Timeout"));
  }

  private Fault swallow(Replica target) {
    return some("swallow-answers", target, new Treatment.Swallow());
  }

  /** Befalls half of the requests. */
  private Fault some(String kind, Replica target, Treatment treatment) {
    SplittableRandom own = random.split();
    return treated(kind, target, request -> own.nextBoolean() ? treatment : Treatment.PASS, false);
  }

  private Fault treated(
      String kind, Replica target, Function<ApiRequest, Treatment> rule, boolean cutsWatches) {
    ApiProxy api = target.api();
    return fault(
        kind,
        target,
        300,
        5000,
        () -> {
          api.treat(rule);
          if (cutsWatches) {
            api.cutWatches();
          }
        },
        api::heal);
  }

  private Fault cutClients(Replica target) {
    Fault.Step cut = () -> target.doors().forEach(TcpProxy::cut);
    return fault("cut-clients", target, 200, 3000, cut, target::heal);
  }

  private Fault slowClients(Replica target) {
    long millis = random.nextLong(5, 300);
    Fault.Step slow = () -> target.doors().forEach(door -> door.slow(millis));
    return fault("slow-clients", target, 200, 3000, slow, target::heal);
  }

  private Fault cutReplicas(Replica target) {
    return fault("cut-replica", target, 200, 4000, target.grpc()::cut, target::heal);
  }

  private Fault wallForward(Replica target) {
    return wall("wall-clock-forward", target, Duration.ofSeconds(random.nextLong(1, 3600)));
  }

  private Fault wallBack(Replica target) {
    return wall("wall-clock-back", target, Duration.ofSeconds(-random.nextLong(1, 3600)));
  }

  private Fault wall(String kind, Replica target, Duration offset) {
    Fault.Step back = () -> target.clock().setWall(Duration.ZERO);
    return fault(kind, target, 200, 3000, () -> target.clock().setWall(offset), back);
  }

  /** The time since boot only ever grows. */
  private Fault suspend(Replica target) {
    Fault.Step suspend = () -> target.clock().addBoot(Duration.ofSeconds(random.nextLong(1, 60)));
    return fault("boot-clock-forward", target, 1, 100, suspend, () -> {});
  }

  private Fault restartAll(Replica target) {
    List<Replica> all = cluster.replicas();
    return fault(
        "restart-all",
        "all",
        200,
        1000,
        () -> all.forEach(replica -> replica.program().kill()),
        () -> {
          for (Replica replica : all) {
            replica.program().start();
          }
          for (Replica replica : all) {
            replica.program().awaitListening();
          }
        });
  }

  private static void start(Replica target) throws IOException {
    target.program().start();
    target.program().awaitListening();
  }

  private Fault fault(
      String kind, Replica target, long least, long most, Fault.Step begin, Fault.Step end) {
    return fault(kind, target.name(), least, most, begin, end);
  }

  private Fault fault(
      String kind, String target, long least, long most, Fault.Step begin, Fault.Step end) {
    Duration lasts = Duration.ofMillis(random.nextLong(least, most));
    return new Fault(kind, target, lasts, begin, end);
  }
}
