package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.cli.ServerUnderTest.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubekv lock}, on a server of each test's own. */
abstract class LockVerb {
  static final Key KEY = Key.of("leader");
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final ServerUnderTest server = new ServerUnderTest();
  @TempDir Path folder;

  @AfterEach
  void close() {
    server.close();
    threads.close();
  }

  /** A shell script under the lock; {@code $0} is the test's folder. */
  Ran locked(String script, String... options) {
    return server.run(
        Stream.of(
                Stream.of("lock"),
                Stream.of(options),
                Stream.of("leader", "--", "sh", "-c", script, folder.toString()))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }

  CompletableFuture<Ran> lockedMeanwhile(String script, String... options) {
    return CompletableFuture.supplyAsync(() -> locked(script, options), threads);
  }

  static Ran end(CompletableFuture<Ran> running) throws Exception {
    return running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void awaitFile(String name) {
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve(name)));
  }

  void awaitSessions(int count) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> server.run("session", "list", "-o", "value").lines().size() == count);
  }

  void awaitStreams(int count) {
    Awaitility.await().atMost(PATIENCE).until(() -> server.streams() == count);
  }

  Entry entry() {
    return Await.read(server.store().get(KEY, Freshness.LINEARIZABLE)).entry().orElseThrow();
  }

  SessionId holder() {
    return entry().lock().holder().orElseThrow();
  }

  SessionId heldBySomebody() {
    SessionId id = Await.change(server.store().sessions().create(SessionSpec.random())).id();
    PutOutcome held =
        Await.change(
            server
                .store()
                .put(
                    PutRequest.of(KEY, Bytes.utf8("theirs")).withLocking(new Locking.Acquire(id))));
    assertThat(held).isInstanceOf(PutOutcome.Stored.class);
    return id;
  }

  List<Revision> acquisitions() throws InterruptedException {
    List<Revision> found = new ArrayList<>();
    try (Watch watch = server.store().watch(WatchRequest.fromOldest(new Range.Exact(KEY)))) {
      for (Optional<WatchEvent> event = watch.next(Duration.ZERO);
          event.isPresent();
          event = watch.next(Duration.ZERO)) {
        if (event.get() instanceof WatchEvent.Put put && put.cause() == Cause.ACQUIRE) {
          found.add(put.revision());
        }
      }
    }
    return found;
  }
}
