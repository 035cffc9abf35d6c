package io.kubekv.engine;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Lookup;
import io.kubekv.Naming;
import io.kubekv.OverloadedException;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Two replicas that take one log from each other while clients write and read through both: one
 * history, chosen by a seed. What came of it is for {@link Judge} to look at.
 */
final class Fight {
  private static final int STEPS = 600;
  private static final int KEYS = 3;
  private static final int STEP_MILLIS = 10;
  private static final int CLOCKS_DIFFER_MILLIS = 2_000;

  /** How the keys begin that the store numbers. */
  static final Prefix NUMBERED = new Prefix("q/n-");

  /** Some values need several entries. */
  private static final int MAX_ENTRY_BYTES = 700;

  private static final int LARGE = 1_500;
  private static final Duration FOREVER = Duration.ofDays(1);

  /** What a client asked and heard; times are steps. */
  static final class Call {
    final int begun;
    Key key;
    final Optional<String> value;
    int ended = Integer.MAX_VALUE;
    Optional<Revision> revision = Optional.empty();
    Optional<PutOutcome> put = Optional.empty();
    Optional<Lookup> seen = Optional.empty();
    boolean surelyNotApplied;
    boolean stale;

    private Call(int begun, Key key, Optional<String> value) {
      this.begun = begun;
      this.key = key;
      this.value = value;
    }

    boolean isWrite() {
      return value.isPresent();
    }
  }

  private final Random random;
  private final SimulatedWorld world;
  private final MemoryLog log = new MemoryLog(Integer.MAX_VALUE, MAX_ENTRY_BYTES);
  private final List<SimulatedWorld.SimulatedLink> links = new ArrayList<>();
  private final List<TestLease> leases = new ArrayList<>();
  private final List<EngineStore> stores = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<Announcements.Listener> listeners = new ArrayList<>();
  private final boolean forged;
  private int now;
  private int values;

  /**
   * @param rules what the replicas heed
   * @param forged whether somebody else writes into the log once
   */
  Fight(long seed, SafetyRules rules, boolean forged) {
    this.random = new Random(seed);
    this.world = new SimulatedWorld(random);
    this.forged = forged;
    EngineSettings settings =
        EngineSettings.DEFAULT.withPatience(FOREVER).withHolding(FOREVER).withSnapshotBytes(2_000);
    for (int i = 0; i < 2; i++) {
      SimulatedWorld.SimulatedLink link = world.new SimulatedLink(random.nextInt(30));
      TestLease lease = new TestLease(false);
      Pipeline.Surroundings around =
          new Pipeline.Surroundings(
              world.new SimulatedAlarm(), new Random(random.nextLong()), rules, new Words());
      links.add(link);
      leases.add(lease);
      int ahead = i * CLOCKS_DIFFER_MILLIS;
      stores.add(
          EngineStore.open(
              log.client(link), lease, settings.withClocks(() -> wall(ahead), () -> 0L), around));
    }
  }

  /** A clock that is ahead of the other replica's, and is set back now and then. */
  private Instant wall(int ahead) {
    return Instant.ofEpochSecond(1_000_000)
        .plusMillis((long) now * STEP_MILLIS + ahead - random.nextInt(CLOCKS_DIFFER_MILLIS));
  }

  /** Announcements that come whenever the seed says so, or never. */
  private final class Words implements Announcements {
    @Override
    public void announce(Word word) {
      for (Listener listener : listeners) {
        if (random.nextInt(4) > 0) {
          world.later(() -> listener.announced(word));
        }
      }
    }

    @Override
    public void listen(Listener listener) {
      listeners.add(listener);
    }
  }

  MemoryLog log() {
    return log;
  }

  List<EngineStore> stores() {
    return stores;
  }

  List<Call> calls() {
    return calls;
  }

  /** Lets it all happen, then everything end well. */
  Fight run() {
    leases.getFirst().take();
    for (now = 0; now < STEPS; now++) {
      int what = random.nextInt(100);
      if (forged && now == STEPS / 2) {
        forge();
      } else if (what < 25) {
        begin(stores.get(random.nextInt(stores.size())));
      } else if (what < 27) {
        passTheLease();
      } else if (what < 29) {
        log.setFull(random.nextBoolean());
      } else if (what < 32) {
        log.askForSnapshot();
      } else if (what < 33) {
        compact(stores.get(random.nextInt(stores.size())));
      } else {
        world.step();
      }
    }
    settle();
    return this;
  }

  private void settle() {
    log.setFull(false);
    links.forEach(SimulatedWorld.SimulatedLink::mend);
    leases.forEach(TestLease::lose);
    leases.getFirst().take();
    for (int left = 100_000; world.step() && left > 0; left--) {
      now++;
    }
    log.tellAll();
    while (world.step()) {
      now++;
    }
  }

  /** The one whose term it was may not know of it yet when the next begins. */
  private void passTheLease() {
    leases.forEach(TestLease::runOut);
    TestLease next = leases.get(random.nextInt(leases.size()));
    for (TestLease lease : leases) {
      if (lease != next && random.nextBoolean()) {
        lease.lose();
      }
    }
    next.take();
  }

  /** An entry of the past, at the next position. */
  private void forge() {
    List<LogEntry> entries = log.entries();
    if (entries.isEmpty()) {
      return;
    }
    LogEntry old = entries.get(random.nextInt(entries.size()));
    log.forge(
        new LogEntry(
            entries.getLast().position() + 1,
            entries.getLast().epoch(),
            old.nonce(),
            old.previousNonce(),
            old.commits(),
            old.minReader(),
            OptionalLong.empty()));
    log.tellAll();
  }

  /** At what the replica knows; whether it may is not asked. */
  private static void compact(EngineStore store) {
    var unused =
        store.compact(store.root().state().revision()).exceptionally(refused -> Revision.ZERO);
  }

  private void begin(EngineStore store) {
    Key key = Key.of("k" + random.nextInt(KEYS));
    if (random.nextInt(5) == 0) {
      look(store, key);
      return;
    }
    if (random.nextBoolean()) {
      Call call = called(key, Optional.empty());
      ended(store.get(key, Freshness.LINEARIZABLE), call, Fight::saw);
      return;
    }
    if (random.nextInt(8) == 0) {
      describe(store, key);
      return;
    }
    String value = "v" + values++ + "-".repeat(random.nextInt(5) == 0 ? LARGE : 0);
    Call call = called(key, Optional.of(value));
    Precondition wanted = random.nextBoolean() ? Precondition.NONE : wanted(store, key);
    PutRequest put =
        PutRequest.of(key, Bytes.utf8(value))
            .withLayout(random.nextInt(3) == 0 ? Layout.NODES : Layout.FLAT)
            .withMode(random.nextInt(4) == 0 ? PutMode.REPLACE : PutMode.UPDATE)
            .withMetadata(random.nextInt(3) == 0 ? Bytes.utf8("of " + value) : Bytes.EMPTY);
    boolean numbered = random.nextInt(5) == 0;
    ended(
        store.put(
            numbered
                ? put.withLayout(Layout.FLAT).withNaming(NUMBERED, Naming.SEQUENCE)
                : put.withPrecondition(wanted)),
        call,
        Fight::heard);
  }

  /** That the key's entry is still as the replica knows it. */
  private Precondition wanted(EngineStore store, Key key) {
    Optional<Entry> known = store.root().state().get(key);
    return random.nextBoolean()
        ? known
            .<Precondition>map(entry -> new Precondition.VersionIs(entry.version()))
            .orElse(Precondition.ABSENT)
        : known
            .<Precondition>map(entry -> new Precondition.RevisionIs(entry.modifyRevision()))
            .orElse(Precondition.ABSENT);
  }

  /** Whether it happens is told by the log alone. */
  private void describe(EngineStore store, Key key) {
    TransactionOperation set =
        new TransactionOperation.SetMetadata(
            key, OptionalInt.empty(), Bytes.utf8("m" + random.nextInt(9)));
    var unused =
        store
            .transact(TransactionRequest.of(set))
            .handle((outcome, failure) -> Optional.ofNullable(outcome));
  }

  /** What a replica shows, whether it has the log or not. */
  private void look(EngineStore store, Key key) {
    Call call = called(key, Optional.empty());
    call.stale = true;
    call.ended = now;
    try {
      saw(call, Await.read(store.get(key, Freshness.STALE)));
    } catch (UnavailableException nothingIsKnown) {
      calls.remove(call);
    }
  }

  private Call called(Key key, Optional<String> value) {
    Call call = new Call(now, key, value);
    calls.add(call);
    return call;
  }

  private <T> void ended(CompletableFuture<T> answer, Call call, BiConsumer<Call, T> hear) {
    var unused =
        answer.handle(
            (what, failure) -> {
              end(call, failure);
              if (failure == null) {
                hear.accept(call, what);
              }
              return now;
            });
  }

  private void end(Call call, @Nullable Throwable failure) {
    call.ended = now;
    call.surelyNotApplied =
        failure instanceof UnavailableException || failure instanceof OverloadedException;
  }

  private static void saw(Call call, Lookup lookup) {
    call.seen = Optional.of(lookup);
    call.revision = Optional.of(lookup.revision());
  }

  private static void heard(Call call, PutOutcome outcome) {
    call.put = Optional.of(outcome);
    if (outcome instanceof PutOutcome.Stored stored) {
      call.key = stored.entry().key();
    }
    call.revision =
        Optional.of(
            switch (outcome) {
              case PutOutcome.Stored stored -> stored.revision();
              case Refused refused -> refused.revision();
            });
    call.surelyNotApplied = outcome instanceof Refused;
  }
}
