package io.kubekv.etcd;

import io.kubekv.contract.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real etcd 3.5 with the v2 API, on a data directory that is left behind. */
public final class EtcdV2Process implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final Path data;
  private final long snapshotsBefore;
  private final Process process;

  private EtcdV2Process(Path data, int snapshotCount) {
    this.data = data;
    this.url = "http://127.0.0.1:" + FreePorts.next();
    this.snapshotsBefore = snapshots();
    String peer = "http://127.0.0.1:" + FreePorts.next();
    try {
      this.process =
          new ProcessBuilder(
                  EtcdVersion.V3_5.binary().toString(),
                  "--enable-v2",
                  "--snapshot-count=" + snapshotCount,
                  "--data-dir=" + data,
                  "--listen-client-urls=" + url,
                  "--advertise-client-urls=" + url,
                  "--listen-peer-urls=" + peer,
                  "--initial-advertise-peer-urls=" + peer,
                  "--initial-cluster=default=" + peer)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Starts it on a data directory, and waits until it answers. */
  public static EtcdV2Process start(Path data, int snapshotCount) {
    EtcdV2Process etcd = new EtcdV2Process(data, snapshotCount);
    Awaitility.await().atMost(PATIENCE).until(etcd::answers);
    return etcd;
  }

  private boolean answers() throws InterruptedException {
    try {
      HttpRequest ask = HttpRequest.newBuilder(URI.create(url + "/health")).build();
      return http.send(ask, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Puts a key with a value, and fields of etcd's form as {@code ttl=10}. */
  public void put(String key, String value, String... more) throws Exception {
    String path = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    String form =
        more.length > 0 && more[0].equals("dir=true")
            ? "dir=true"
            : "value="
                + URLEncoder.encode(value, StandardCharsets.UTF_8)
                + "&"
                + String.join("&", more);
    HttpRequest put =
        HttpRequest.newBuilder(URI.create(url + "/v2/keys/" + path.replace("%2F", "/")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString(form))
            .build();
    int status = http.send(put, BodyHandlers.discarding()).statusCode();
    if (status != 201) {
      throw new IllegalStateException("PUT of " + key + " answered " + status);
    }
  }

  /** Waits until it has written a snapshot since it was started. */
  public void awaitSnapshot() {
    Awaitility.await().atMost(PATIENCE).until(() -> snapshots() > snapshotsBefore);
  }

  private long snapshots() {
    Path folder = data.resolve("member").resolve("snap");
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".snap")).count();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Stops it in good order. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
