package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.ops.Workers;
import io.kubekv.transport.requests.Tracer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a process one of whose threads has died. */
class WorkersTest {
  private final Workers workers = new Workers();

  @TempDir Path folder;

  private KvServer start() {
    return KvServer.start(
        ConfigUnderTest.embedded(folder).consul(Optional.empty()).grpc(Optional.empty()).config(),
        Tracer.NONE,
        workers);
  }

  private void die(String name) throws InterruptedException {
    Thread.ofVirtual()
        .name(name)
        .uncaughtExceptionHandler(workers)
        .start(
            () -> {
              throw new IllegalStateException("no such thing");
            })
        .join();
  }

  private static Answer get(KvServer server, String page) throws IOException {
    URI ops = URI.create(server.opsUrl().orElseThrow());
    try (RawHttp http = new RawHttp(new InetSocketAddress(ops.getHost(), ops.getPort()))) {
      return http.request("GET", page, "").answer();
    }
  }

  private static int put(KvServer server, String key) throws IOException {
    URI etcd = URI.create(server.etcdUrl());
    String target = "/v2/keys/" + key + "?value=1";
    try (RawHttp http = new RawHttp(new InetSocketAddress(etcd.getHost(), etcd.getPort()))) {
      return http.send(
              "PUT " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")
          .answer()
          .status();
    }
  }

  @Test
  void healthz_whenAThreadHasDied_failsWithItsNameAndReason() throws Exception {
    try (KvServer server = start()) {
      assertThat(get(server, "/healthz").status()).isEqualTo(200);

      die("kubekv-watch");

      for (String page : List.of("/healthz", "/readyz")) {
        Answer answer = get(server, page);
        assertThat(answer.status()).as(page).isEqualTo(503);
        assertThat(answer.body())
            .contains("kubekv-watch", "IllegalStateException: no such thing", "restart");
      }
    }
  }

  @Test
  void dataFolderThatWasRemoved_isNoticedBeforeAChangeIsAcknowledged_andNamed() throws Exception {
    try (KvServer server = start()) {
      assertThat(put(server, "a")).isEqualTo(201);
      Files.delete(folder.resolve("kubekv.db"));

      assertThat(put(server, "b")).isEqualTo(500);
      Answer ready = get(server, "/readyz");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.body()).contains("kubekv.db was removed or replaced");
    }
  }

  @Test
  void died_isTheFirstOfOurs() throws InterruptedException {
    die("ForkJoinPool-1-worker-1");
    assertThat(workers.died()).isEmpty();

    die("kubekv-lease");
    die("kubekv-upkeep");

    assertThat(workers.died().orElseThrow()).contains("kubekv-lease");
  }

  @Test
  void ofProcess_noticesThreadsWithoutAHandlerOfTheirOwn() throws InterruptedException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try {
      Workers all = Workers.ofProcess();
      Thread thread =
          Thread.ofVirtual()
              .name("kubekv-hub")
              .start(
                  () -> {
                    throw new IllegalStateException("no such thing");
                  });
      thread.join();

      assertThat(all.died()).isPresent();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
