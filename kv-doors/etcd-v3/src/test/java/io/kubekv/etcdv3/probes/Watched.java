package io.kubekv.etcdv3.probes;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The watches of a program, all on one stream. What each is told is compared as one sequence: how
 * it comes in messages is chance.
 */
final class Watched implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
  private final ClientCallStreamObserver<WatchRequest> requests;
  private final ByteString last;
  private final Revisions revisions;

  /** Those that have not seen the last event, and whether that is its delete. */
  private final Map<Long, Boolean> open = new TreeMap<>();

  private final Map<Long, List<String>> told = new TreeMap<>();

  Watched(Channel channel, String prefix, Revisions revisions) {
    this.last = Programs.last(prefix);
    this.revisions = revisions;
    this.requests =
        (ClientCallStreamObserver<WatchRequest>)
            WatchGrpc.newStub(channel)
                .watch(
                    new StreamObserver<>() {
                      @Override
                      public void onNext(WatchResponse response) {
                        responses.add(response);
                      }

                      @Override
                      public void onError(Throwable failure) {
                        responses.add(ended(Status.fromThrowable(failure).toString()));
                      }

                      @Override
                      public void onCompleted() {
                        responses.add(ended("completed"));
                      }
                    });
  }

  /** A stream that ends has no message of its own. */
  private static WatchResponse ended(String how) {
    return WatchResponse.newBuilder().setWatchId(-2).setCanceled(true).setCancelReason(how).build();
  }

  /** Begins a watch; what others are told meanwhile is kept. */
  Message create(WatchCreateRequest request) {
    requests.onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
    try {
      while (true) {
        WatchResponse response = next();
        if (response.getCreated() || response.getWatchId() == -2) {
          if (!response.getCanceled()) {
            boolean byPut =
                request.getFiltersList().contains(WatchCreateRequest.FilterType.NODELETE);
            open.put(response.getWatchId(), !byPut);
            told.put(response.getWatchId(), new ArrayList<>());
          }
          return response;
        }
        keep(response);
      }
    } catch (IOException silent) {
      throw new StatusRuntimeException(Status.DEADLINE_EXCEEDED);
    }
  }

  private WatchResponse next() throws IOException {
    try {
      WatchResponse response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (response == null) {
        throw new IOException("watches " + open.keySet() + " were told nothing");
      }
      return response;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  private void keep(WatchResponse response) {
    long id = response.getWatchId();
    List<String> events = told.computeIfAbsent(id, unknown -> new ArrayList<>());
    for (Event event : response.getEventsList()) {
      Boolean byDelete = open.get(id);
      if (byDelete == null) {
        return;
      }
      events.add(Answered.text(revisions, event));
      boolean deleted = event.getType() == Event.EventType.DELETE;
      if (event.getKv().getKey().equals(last) && byDelete == deleted) {
        open.remove(id);
      }
    }
    if (response.getCanceled()) {
      events.add(
          "ended: %s, compacted at %d"
              .formatted(
                  response.getCancelReason(), revisions.counted(response.getCompactRevision())));
      open.remove(id);
      if (id == -2) {
        open.clear();
      }
    }
  }

  /** What each has been told when all have seen the last event. */
  List<String> events() {
    try {
      while (!open.isEmpty()) {
        keep(next());
      }
    } catch (IOException silent) {
      open.keySet().forEach(id -> told.getOrDefault(id, new ArrayList<>()).add("and nothing more"));
    }
    return told.entrySet().stream()
        .map(watch -> "watch " + watch.getKey() + ":\n" + String.join("", watch.getValue()))
        .toList();
  }

  @Override
  public void close() {
    requests.cancel("the program is over", null);
  }
}
