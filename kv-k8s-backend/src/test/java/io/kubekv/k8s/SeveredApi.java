package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * An API server from which a test cuts the store off: what an embedded server does to itself, for
 * one that cannot be told to. Thread-safe.
 */
final class SeveredApi implements KubernetesApi, LeaseApi {
  private static final ApiFailure CUT = new ApiFailure.NoAnswer("the test has cut the connection");

  private final KubernetesApi api;
  private final LeaseApi leases;
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private final AtomicInteger requestsToLose = new AtomicInteger();
  private volatile boolean severed;

  SeveredApi(KubernetesApi api, LeaseApi leases) {
    this.api = api;
    this.leases = leases;
  }

  /** The next change reaches the server, and its answer is lost. */
  void loseNextAnswer() {
    answersToLose.incrementAndGet();
  }

  /** The next change never reaches the server. */
  void loseNextRequest() {
    requestsToLose.incrementAndGet();
  }

  /** Nothing passes any more, either way. */
  void sever() {
    severed = true;
    closeWatches();
  }

  void heal() {
    severed = false;
  }

  void closeWatches() {
    streams.forEach(Stream::close);
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> create(byte[] body) {
    return change(() -> api.create(body));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> replace(String name, byte[] body) {
    return change(() -> api.replace(name, body));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> remove(String name, byte[] body) {
    return change(() -> api.remove(name, body));
  }

  private CompletableFuture<Optional<ApiFailure>> change(
      Supplier<CompletableFuture<Optional<ApiFailure>>> request) {
    if (severed || takeOne(requestsToLose)) {
      return CompletableFuture.completedFuture(Optional.of(CUT));
    }
    boolean lost = takeOne(answersToLose);
    return request.get().thenApply(answer -> lost || severed ? Optional.of(CUT) : answer);
  }

  private static boolean takeOne(AtomicInteger faults) {
    return faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  @Override
  public void endOverdue() {
    api.endOverdue();
  }

  @Override
  public Optional<ObservedObject> get(String name) throws ApiCallException, InterruptedException {
    requireConnection();
    return api.get(name);
  }

  @Override
  public Listed list(Optional<Revision> exactly) throws ApiCallException, InterruptedException {
    requireConnection();
    return api.list(exactly);
  }

  private void requireConnection() throws ApiCallException {
    if (severed) {
      throw new ApiCallException(CUT);
    }
  }

  @Override
  public Stream watch(Revision after, StreamListener listener) {
    if (severed) {
      Thread.ofVirtual().start(() -> listener.ended(Optional.of(CUT)));
      return () -> {};
    }
    Stream stream = api.watch(after, listener);
    streams.add(stream);
    return () -> {
      streams.remove(stream);
      stream.close();
    };
  }

  @Override
  public Answer get() {
    return lease(leases::get);
  }

  @Override
  public Answer create(LeaseState lease) {
    return lease(() -> leases.create(lease));
  }

  @Override
  public Answer update(LeaseState lease) {
    return lease(() -> leases.update(lease));
  }

  private Answer lease(Supplier<Answer> request) {
    if (severed) {
      return new Answer.Failed(CUT);
    }
    Answer answer = request.get();
    return severed ? new Answer.Failed(CUT) : answer;
  }
}
