package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.api.ApiAddress;
import io.kubekv.e2e.api.Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The embedded API server, in a {@code kubekv serve} whose own store, in another namespace, nobody
 * uses. Its port and token change at each start.
 */
final class EmbeddedApi implements ApiServer {

  private final Program program;
  private final Path kubeconfig;
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
    program.awaitReady();
    return Upstream.of(ApiAddress.of(kubeconfig));
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
  public void compactStorage() {
    throw new IllegalStateException("the embedded API server keeps its data itself");
  }

  @Override
  public void close() {
    program.close();
  }
}
