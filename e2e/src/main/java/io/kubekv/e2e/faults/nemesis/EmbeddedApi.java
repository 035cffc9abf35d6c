package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The embedded API server, in a {@code kubekv serve} whose own store, in another namespace, nobody
 * uses. Its port and token change at each start.
 */
final class EmbeddedApi implements ApiServer {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern SERVER = Pattern.compile("server:\\s*\"?([^\\s\"]+)");
  private static final Pattern TOKEN = Pattern.compile("token:\\s*\"?([^\\s\"]+)");

  private final Program program;
  private final Path kubeconfig;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private volatile Upstream upstream;

  EmbeddedApi(Path folder) throws IOException {
    Path data = folder.resolve("api");
    kubeconfig = data.resolve("kubeconfig");
    InetSocketAddress etcd = FreePorts.next();
    InetSocketAddress operations = FreePorts.next();
    List<String> command =
        List.of(
            Repository.root().resolve("kubekv").toString(),
            "serve",
            "--data-dir",
            data.toString(),
            "--etcd-listen",
            StoreProcess.hostAndPort(etcd),
            "--consul-listen",
            "off",
            "--grpc-listen",
            "off",
            "--ops-listen",
            StoreProcess.hostAndPort(operations));
    program =
        new Program(
            "embedded API server", command, Map.of(), folder.resolve("api.log"), operations);
    upstream = launch();
  }

  private Upstream launch() throws IOException {
    program.start();
    long deadline = System.nanoTime() + START.toNanos();
    while (!program.isReady()) {
      if (!program.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the embedded API server did not start");
      }
      Waiting.pause(Duration.ofMillis(20));
    }
    String text = Files.readString(kubeconfig);
    return new Upstream(URI.create(found(SERVER, text)), found(TOKEN, text), client);
  }

  private static String found(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("the kubeconfig has no " + pattern);
    }
    return matcher.group(1);
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public Upstream upstream() {
    return upstream;
  }

  @Override
  public void kill() {
    program.kill();
  }

  @Override
  public void pause() throws IOException {
    program.pause();
  }

  @Override
  public void resume() throws IOException {
    program.resume();
  }

  @Override
  public void startAgain() throws IOException {
    upstream = launch();
  }

  @Override
  public boolean hasStorage() {
    return false;
  }

  @Override
  public void restartStorage() {
    throw new IllegalStateException("the embedded API server keeps its data itself");
  }

  @Override
  public void close() {
    program.close();
  }
}
