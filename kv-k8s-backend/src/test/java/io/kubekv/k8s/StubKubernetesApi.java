package io.kubekv.k8s;

import io.kubekv.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The objects of one store, in memory: with orders to hold back, drop and refuse. Thread-safe. */
final class StubKubernetesApi implements KubernetesApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What happens to a change. */
  sealed interface Fate {
    /** It is applied when this completes; the answer follows. */
    record HoldRequest(CompletableFuture<?> until) implements Fate {}

    /** It is applied at once and answered when this completes. */
    record HoldAnswer(CompletableFuture<?> until) implements Fate {}

    /** It is applied and its answer is lost. */
    record LoseAnswer() implements Fate {}

    /** It is lost, and so is its answer. */
    record LoseRequest() implements Fate {}

    /** It is not applied and answered with a failure. */
    record Refuse(ApiFailure failure) implements Fate {}
  }

  private record Logged(Revision revision, StreamEvent event) {}

  private final class Watcher implements Stream {
    private final StreamListener listener;
    private final Deque<StreamEvent> held = new ArrayDeque<>();
    private boolean over;

    Watcher(StreamListener listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      closing.join();
      synchronized (StubKubernetesApi.this) {
        over = true;
        watchers.remove(this);
      }
    }
  }

  private final Map<String, ObservedObject> objects = new TreeMap<>();
  private final List<Logged> log = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final Deque<ApiFailure> refusals = new ArrayDeque<>();
  private volatile CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);
  private Revision now = new Revision(100);
  private Revision compacted = Revision.ZERO;
  private boolean holding;
  private boolean dropping;
  private boolean refusingLists;
  private boolean shared;
  private int lists;
  private int gets;

  /** Fates of the next changes, in order. */
  synchronized void next(Fate... more) {
    fates.addAll(List.of(more));
  }

  /** Refuses the next watches that are begun, in order. */
  synchronized void refuseWatches(ApiFailure... why) {
    refusals.addAll(List.of(why));
  }

  /** From now on a watch that is closed takes until this completes. */
  void holdClosing(CompletableFuture<Void> until) {
    closing = until;
  }

  /** From now on watches show nothing, but will. */
  synchronized void holdEvents() {
    holding = true;
  }

  /** Shows what was held, in order. */
  synchronized void releaseEvents() {
    holding = false;
    for (Watcher watcher : List.copyOf(watchers)) {
      while (!watcher.held.isEmpty()) {
        watcher.listener.event(watcher.held.remove());
      }
    }
  }

  /** Shows an event to all watches, as if it came from the API. */
  synchronized void tell(StreamEvent event) {
    List.copyOf(watchers).forEach(watcher -> watcher.listener.event(event));
  }

  /** From now on running watches lose events; new ones show all. */
  synchronized void dropEvents(boolean drop) {
    dropping = drop;
  }

  /** From now on others' changes come before every list. */
  synchronized void shareWithOthers() {
    shared = true;
  }

  /** From now on nothing is listed. */
  synchronized void refuseLists(boolean refuse) {
    refusingLists = refuse;
  }

  /** Ends all watches. */
  void endWatches() {
    List<Watcher> all;
    synchronized (this) {
      all = List.copyOf(watchers);
      watchers.clear();
    }
    all.forEach(watcher -> watcher.listener.ended(Optional.empty()));
  }

  /** Forgets all events. */
  synchronized void compact() {
    compacted = now;
    log.clear();
  }

  /** The requests that changed or tried to change something, such as "create k3f...". */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized int lists() {
    return lists;
  }

  synchronized int gets() {
    return gets;
  }

  synchronized Revision now() {
    return now;
  }

  /** Goes back in time: an empty store at an old revision. */
  synchronized void restore(Revision to) {
    objects.clear();
    log.clear();
    now = to;
    compacted = to;
  }

  /** Somebody else's change, or one that we know to be from elsewhere. */
  synchronized Revision put(ObjectSpec spec) {
    String name = ObjectNames.of(spec.type(), spec.key());
    String uid = objects.containsKey(name) ? objects.get(name).uid() : UUID.randomUUID().toString();
    now = now.next();
    set(new ObservedObject.Stored(new StoredObject(name, uid, now, spec)));
    return now;
  }

  /** Something of others in the place of a key. */
  synchronized void putForeign(String name) {
    now = now.next();
    set(new ObservedObject.Foreign(name, "uid", now, "spec.key does not belong to metadata.name"));
  }

  synchronized void remove(String name) {
    ObservedObject there = Objects.requireNonNull(objects.remove(name), name);
    now = now.next();
    show(new StreamEvent.Removed(at(there, now)));
  }

  /** The tests answer each request, or let it wait. */
  @Override
  public void endOverdue() {}

  @Override
  public synchronized Optional<ObservedObject> get(String name) {
    gets++;
    return Optional.ofNullable(objects.get(name));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> create(byte[] body) {
    return change("create", body);
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> replace(String name, byte[] body) {
    return change("replace", body);
  }

  @Override
  public synchronized CompletableFuture<Optional<ApiFailure>> remove(String name, byte[] body) {
    ObjectNode wanted = (ObjectNode) JSON.readTree(body).get("preconditions");
    ObservedObject there = objects.get(name);
    requests.add("remove " + name);
    if (there == null) {
      return done(new ApiFailure.NotFound("keyvalues", "gone"));
    }
    if (!there.revision().toString().equals(wanted.get("resourceVersion").asString())) {
      return done(new ApiFailure.Conflict("changed"));
    }
    remove(name);
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public synchronized Listed list(Optional<Revision> exactly) throws ApiCallException {
    lists++;
    if (shared) {
      now = now.next();
    }
    if (refusingLists) {
      throw new ApiCallException(new ApiFailure.Unreachable("no lists now"));
    }
    if (exactly.isEmpty()) {
      return new Listed(List.copyOf(objects.values()), now);
    }
    if (exactly.get().isBefore(compacted)) {
      throw new ApiCallException(new ApiFailure.Gone("compacted"));
    }
    Map<String, ObservedObject> then = new LinkedHashMap<>();
    for (Logged logged : log) {
      if (!logged.revision().isAfter(exactly.get())) {
        replay(logged.event(), then);
      }
    }
    return new Listed(List.copyOf(then.values()), exactly.get());
  }

  private static void replay(StreamEvent event, Map<String, ObservedObject> objects) {
    switch (event) {
      case StreamEvent.Changed changed -> objects.put(changed.object().name(), changed.object());
      case StreamEvent.Removed removed -> objects.remove(removed.object().name());
      case StreamEvent.Bookmark bookmark -> {}
    }
  }

  @Override
  public Stream watch(Revision after, StreamListener listener) {
    Watcher watcher = new Watcher(listener);
    ApiFailure why = new ApiFailure.Gone("compacted");
    synchronized (this) {
      if (!refusals.isEmpty()) {
        why = refusals.remove();
      } else if (!after.isBefore(compacted) && !after.isAfter(now)) {
        watchers.add(watcher);
        for (Logged logged : List.copyOf(log)) {
          if (logged.revision().isAfter(after)) {
            send(watcher, logged.event());
          }
        }
        return watcher;
      }
    }
    listener.ended(Optional.of(why));
    return watcher;
  }

  private synchronized CompletableFuture<Optional<ApiFailure>> change(String verb, byte[] body) {
    ObjectNode object = (ObjectNode) JSON.readTree(body);
    requests.add(verb + " " + object.get("spec").get("writeId").asString());
    Fate fate = fates.poll();
    return switch (fate) {
      case null -> CompletableFuture.completedFuture(apply(object));
      case Fate.HoldRequest held -> held.until().thenApply(released -> apply(object));
      case Fate.HoldAnswer held -> {
        Optional<ApiFailure> answer = apply(object);
        yield held.until().thenApply(released -> answer);
      }
      case Fate.LoseAnswer lost -> {
        Optional<ApiFailure> unused = apply(object);
        yield done(new ApiFailure.NoAnswer("lost after " + unused));
      }
      case Fate.LoseRequest lost -> done(new ApiFailure.NoAnswer("lost"));
      case Fate.Refuse refuse -> done(refuse.failure());
    };
  }

  private synchronized Optional<ApiFailure> apply(ObjectNode object) {
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    String name = metadata.get("name").asString();
    ObservedObject there = objects.get(name);
    boolean creates = !metadata.has("resourceVersion");
    if (creates && there != null) {
      return Optional.of(new ApiFailure.AlreadyExists("there"));
    }
    if (!creates && there == null) {
      return Optional.of(new ApiFailure.NotFound("keyvalues", "not there"));
    }
    if (there != null
        && !creates
        && !there.revision().toString().equals(metadata.get("resourceVersion").asString())) {
      return Optional.of(new ApiFailure.Conflict("changed"));
    }
    now = now.next();
    metadata.put("resourceVersion", now.toString());
    metadata.put("uid", there == null ? UUID.randomUUID().toString() : there.uid());
    set(ObjectJson.read(JSON.writeValueAsString(object).getBytes(StandardCharsets.UTF_8)));
    return Optional.empty();
  }

  private void set(ObservedObject object) {
    objects.put(object.name(), object);
    show(new StreamEvent.Changed(object));
  }

  private void show(StreamEvent event) {
    log.add(new Logged(now, event));
    if (!dropping) {
      List.copyOf(watchers).forEach(watcher -> send(watcher, event));
    }
  }

  private void send(Watcher watcher, StreamEvent event) {
    if (holding) {
      watcher.held.add(event);
    } else if (!watcher.over) {
      watcher.listener.event(event);
    }
  }

  private static ObservedObject at(ObservedObject object, Revision revision) {
    return switch (object) {
      case ObservedObject.Foreign stranger ->
          new ObservedObject.Foreign(stranger.name(), stranger.uid(), revision, stranger.problem());
      case ObservedObject.Stored stored ->
          new ObservedObject.Stored(
              new StoredObject(stored.name(), stored.uid(), revision, stored.object().spec()));
    };
  }

  private static CompletableFuture<Optional<ApiFailure>> done(ApiFailure failure) {
    return CompletableFuture.completedFuture(Optional.of(failure));
  }
}
