package io.kubekv.e2e.faults.load;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches as etcd v3's clients do: a stream, begun again after the last revision that was seen. */
final class EtcdV3Watcher extends Watcher {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Seat<EtcdV3Door> seat;

  EtcdV3Watcher(
      String name, String prefix, List<Endpoint> endpoints, int first, History history, Pace pace) {
    super(name, prefix, history, pace);
    this.seat = new Seat<>(endpoints, first, at -> new EtcdV3Door(at, PATIENCE));
  }

  @Override
  long begin() {
    return seat.door().list(prefix()).map(Door.Listing::revision).orElse(-1L);
  }

  /** What comes of a stream; empty at its end. */
  private record Stream(BlockingQueue<Optional<WatchResponse>> answers)
      implements StreamObserver<WatchResponse> {
    @Override
    public void onNext(WatchResponse answer) {
      answers.add(Optional.of(answer));
    }

    @Override
    public void onError(Throwable failure) {
      answers.add(Optional.empty());
    }

    @Override
    public void onCompleted() {
      answers.add(Optional.empty());
    }
  }

  @Override
  void follow(long after) {
    Stream stream = new Stream(new LinkedBlockingQueue<>());
    ClientCallStreamObserver<WatchRequest> requests =
        (ClientCallStreamObserver<WatchRequest>)
            WatchGrpc.newStub(seat.door().channel()).watch(stream);
    requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(prefix()))
                    .setRangeEnd(EtcdV3Door.endOf(prefix()))
                    .setStartRevision(after + 1)
                    .setPrevKv(true))
            .build());
    try {
      boolean more = true;
      while (more) {
        more = see(stream.answers().poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a watcher was interrupted", e);
    } finally {
      requests.cancel("seen enough", null);
    }
  }

  /** Whether the stream goes on and there is more to see; a whole answer is a whole change. */
  private boolean see(@Nullable Optional<WatchResponse> told) {
    if (told == null || told.isEmpty()) {
      letDown();
      return false;
    }
    WatchResponse answer = told.get();
    if (answer.getCanceled()) {
      if (answer.getCompactRevision() > 0) {
        gap(WatchSeen.Kind.GONE);
      } else {
        letDown();
      }
      return false;
    }
    answer.getEventsList().forEach(this::see);
    return !isDone();
  }

  private void see(Event event) {
    long revision = event.getKv().getModRevision();
    boolean deleted = event.getType() == Event.EventType.DELETE;
    if (EtcdV3Door.isDirectory(deleted ? event.getPrevKv() : event.getKv())) {
      skipTo(revision);
      return;
    }
    String key = event.getKv().getKey().toStringUtf8();
    Sight before = event.hasPrevKv() ? EtcdV3Door.sight(event.getPrevKv()) : Sight.ABSENT;
    if (deleted) {
      deleted(key, revision, before);
    } else {
      put(key, event.getKv().getValue().toStringUtf8(), revision, before);
    }
  }

  @Override
  void move() {
    seat.move();
  }

  @Override
  String replica() {
    return seat.replica();
  }

  @Override
  void close() {
    seat.close();
  }
}
