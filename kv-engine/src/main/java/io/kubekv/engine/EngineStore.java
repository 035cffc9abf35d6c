package io.kubekv.engine;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.Promise;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Feature;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;

/**
 * The port over a log, or in memory: the state is one immutable root in memory, and the log says in
 * which order it changes. Nothing in it waits.
 */
public final class EngineStore implements KeyValueStore {
  private final EngineSettings settings;
  private final Pipeline pipeline;
  private final Reads reads;
  private final Sessions sessions;

  private EngineStore(EngineSettings settings, Pipeline pipeline) {
    this.settings = settings;
    this.pipeline = pipeline;
    this.reads = new Reads(pipeline, settings);
    this.sessions = new EngineSessions(pipeline, reads, settings.limits());
  }

  /** A store in memory, in real time, as {@link EngineSettings#DEFAULT} has it. */
  public static EngineStore inMemory() {
    return inMemory(EngineSettings.DEFAULT);
  }

  /** A store in memory; nothing outlives the object. */
  public static EngineStore inMemory(EngineSettings settings) {
    return open(new NoLog(), new SoleHolder(), settings.withLogRate(ByteRate.UNLIMITED));
  }

  /** A store over a log, of a replica that hears of the others by the log alone. */
  public static EngineStore open(Log log, Lease lease, EngineSettings settings) {
    return open(log, lease, Announcements.NONE, settings);
  }

  /** A store over a log, which it closes; it need not be ready when this returns. */
  public static EngineStore open(
      Log log, Lease lease, Announcements announcements, EngineSettings settings) {
    RandomGenerator random =
        RandomGeneratorFactory.getDefault().create(ThreadLocalRandom.current().nextLong());
    return open(
        log,
        lease,
        settings,
        new Pipeline.Surroundings(new AlarmThread(), random, new SafetyRules(), announcements));
  }

  static EngineStore open(
      Log log, Lease lease, EngineSettings settings, Pipeline.Surroundings around) {
    Pipeline pipeline = new Pipeline(log, lease, settings, around);
    pipeline.start();
    return new EngineStore(settings, pipeline);
  }

  /** How far this replica is with the log. */
  public EngineReplica replica() {
    return new EngineReplica(pipeline);
  }

  /** Ends what is due by the ticker; completed when that is in the log. */
  CompletableFuture<Boolean> endWhatIsDue() {
    return pipeline.change(new Request.Nothing());
  }

  /** What this replica has applied, and up to which position of the log. */
  Root root() {
    return pipeline.replica().root();
  }

  /** What stood at a revision; empty where history does not reach. */
  Optional<State> at(Revision revision) {
    return pipeline.replica().history().at(revision);
  }

  /** The names of the features that this version knows. */
  public static Set<String> features() {
    return Arrays.stream(Feature.values()).map(Feature::text).collect(Collectors.toSet());
  }

  /** Whether a feature is switched on, as far as is known here. */
  public boolean has(String feature) {
    return pipeline.replica().state().features().has(feature);
  }

  /**
   * Switches features on, for good: all replicas must know them, or those that do not stop. Fails
   * as a change does, also when this replica does not hold the log.
   *
   * @param names other names than those of {@link #features} are passed over
   * @return those that were not on before
   */
  public CompletableFuture<Set<String>> switchOn(Set<String> names) {
    Set<Feature> missing =
        Arrays.stream(Feature.values())
            .filter(feature -> names.contains(feature.text()) && !has(feature.text()))
            .collect(Collectors.toSet());
    return missing.isEmpty()
        ? CompletableFuture.completedFuture(Set.of())
        : pipeline
            .change(new Request.SwitchOn(missing))
            .thenApply(
                on -> missing.stream().map(Feature::text).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Says who hears how late entries end: of each whose end by its time this replica has applied as
   * the holder, how long that was after the time. Must neither wait nor throw.
   */
  public void onExpiry(Consumer<Duration> listener) {
    pipeline.onExpiry(listener);
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return Promise.of(
        () -> {
          settings.limits().check(key);
          return reads.read(freshness, state -> new Lookup(state.get(key), state.revision()));
        });
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return Promise.of(
        () -> {
          settings.limits().check(request.range());
          return reads.read(freshness, state -> state.list(request));
        });
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return Promise.of(
        () -> {
          settings.limits().check(new Range.WithPrefix(directory));
          return reads.read(freshness, state -> state.directory(directory));
        });
  }

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return Promise.of(() -> reads.read(freshness, State::revision));
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return Promise.of(
        () -> {
          settings.limits().check(request);
          return pipeline.change(new Request.Put(request));
        });
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return Promise.of(
        () -> {
          settings.limits().check(request.key());
          return pipeline.change(new Request.Delete(request));
        });
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return Promise.of(
        () -> {
          settings.limits().check(request.range());
          return pipeline.change(new Request.DeleteRange(request));
        });
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return Promise.of(
        () -> {
          settings.limits().check(request);
          return request.onlyReads()
              ? reads.transact(request)
              : pipeline.change(new Request.Transact(request));
        });
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return pipeline.change(new Request.Compact(first));
  }

  @Override
  public Watch watch(WatchRequest request) {
    settings.limits().check(request.range());
    reads.requireKnown();
    return pipeline.replica().history().watch(request);
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.noneOf(Capability.class);
  }

  @Override
  public Limits limits() {
    return settings.limits();
  }

  @Override
  public long id() {
    return pipeline.replica().state().storeId();
  }

  @Override
  public StoreStatus status() {
    return reads.status();
  }

  @Override
  public void close() {
    pipeline.stop("the store is closed");
  }
}
