package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Streams whose clients are slow, quiet or not told that the server stops. */
final class StreamsTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("k");

  private static WatchCreateRequest.Builder watch() {
    return WatchCreateRequest.newBuilder().setKey(KEY);
  }

  private static long put(Served served, int bytes) {
    return served
        .kv()
        .put(
            PutRequest.newBuilder()
                .setKey(KEY)
                .setValue(ByteString.copyFrom(new byte[bytes]))
                .build())
        .getHeader()
        .getRevision();
  }

  @Test
  void quietWatch_isToldHowFarItIs_ifItAskedForThat() throws Exception {
    try (Served served = Served.kubekv(Duration.ofMillis(50));
        Watching watching = served.watching()) {
      long now = put(served, 1);
      // the one that is told nothing first: the other may be told before a busy server creates it
      watching.create(watch().setWatchId(5));
      watching.create(watch().setWatchId(4).setProgressNotify(true));
      assertThat(watching.next().getCreated()).isTrue();
      assertThat(watching.next().getCreated()).isTrue();

      for (int i = 0; i < 3; i++) {
        WatchResponse progress = watching.next();
        assertThat(progress.getWatchId()).isEqualTo(4);
        assertThat(progress.getEventsList()).isEmpty();
        assertThat(progress.getHeader().getRevision()).isEqualTo(now);
      }
    }
  }

  @Test
  void watchesOfAClientThatIsGone_areFreed() throws Exception {
    try (Served served = Served.kubekv()) {
      try (Watching watching = served.watching()) {
        for (int i = 0; i < 3; i++) {
          watching.create(watch());
          assertThat(watching.next().getCreated()).isTrue();
        }
        watching.cancel(1);
        assertThat(watching.next().getCanceled()).isTrue();
        Awaitility.await().until(() -> served.watches() == 2);
      }
      Awaitility.await().until(() -> served.watches() == 0);
    }
  }

  @Test
  void slowReader_holdsUpNobody_andIsToldWhenTheHistoryHasPassedIt() throws Exception {
    try (Served served = Served.kubekv()) {
      Slow slow = new Slow(served);
      slow.create(watch());
      assertThat(slow.next().getCreated()).isTrue();
      try (Watching quick = served.watching()) {
        quick.create(watch());
        assertThat(quick.next().getCreated()).isTrue();
        for (int i = 0; i < 120; i++) { // 120 MB, and the history has 64
          long revision = put(served, 1_000_000);
          WatchResponse told = quick.next();
          assertThat(told.getEvents(0).getKv().getModRevision()).isEqualTo(revision);
        }
      }

      long last = 0;
      WatchResponse response = slow.next();
      while (!response.getCanceled()) {
        long revision = response.getEvents(0).getKv().getModRevision();
        assertThat(revision).isEqualTo(last == 0 ? revision : last + 1);
        last = response.getEvents(response.getEventsCount() - 1).getKv().getModRevision();
        response = slow.next();
      }
      assertThat(response.getCompactRevision()).isGreaterThan(last + 1);
    }
  }

  @Test
  void progress_isNeverBehindAnEventThatWasTold() throws Exception {
    try (Served served = Served.kubekv();
        Watching watching = served.watching()) {
      for (int i = 0; i < 50; i++) {
        watching.create(watch());
        assertThat(watching.next().getCreated()).isTrue();
      }
      AtomicBoolean writing = new AtomicBoolean(true);
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (writing.get()) {
                      put(served, 1);
                    }
                  });
      long told = 0;
      int answers = 0;
      long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      watching.progress();
      while (System.nanoTime() < end) {
        WatchResponse response = watching.next();
        long revision = response.getHeader().getRevision();
        if (response.getWatchId() == -1) {
          answers++;
          assertThat(revision).as("answer %s", answers).isGreaterThanOrEqualTo(told);
          watching.progress();
        }
        told = Math.max(told, revision);
      }
      writing.set(false);
      writer.join();
    }
  }

  @Test
  void stop_endsStreamsSoThatClientsGoOnElsewhere() throws Exception {
    Served served = Served.kubekv();
    Slow slow = new Slow(served);
    slow.create(watch());
    assertThat(slow.next().getCreated()).isTrue();

    served.stopDoor();

    Status status = slow.end();
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).isEqualTo("etcdserver: server stopped");
    served.close();
  }
}
