package io.kubekv.e2e.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.e2e.Repository;
import io.kubekv.e2e.api.ApiAddress;
import io.kubekv.e2e.api.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real control plane, etcd and kube-apiserver, started and ended by the scripts of kube.d. */
final class KubeApi implements ApiServer {
  private static final String API = "apiserver";
  private static final String ETCD = "etcd";

  private final Path folder;
  private final Thread onExit = new Thread(this::stop, "end-of-control-plane");
  private final Upstream upstream;

  KubeApi(Path parent) throws IOException {
    folder = parent.resolve("kube");
    Runtime.getRuntime().addShutdownHook(onExit);
    run("start-all");
    upstream = Upstream.of(ApiAddress.of(folder.resolve("token.kubeconfig")));
  }

  private void run(String action, String... process) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("e2e/kube.d/process").toString());
    command.addAll(List.of(folder.toString(), action));
    command.addAll(List.of(process));
    Path log = Files.createTempFile("kubekv-e2e-process", ".log");
    Process running =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (running.waitFor() != 0) {
        throw new IOException(
            String.join(" ", command) + " failed: " + Files.readString(log, UTF_8).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  @Override
  public String name() {
    return "kube";
  }

  @Override
  public Upstream upstream() {
    return upstream;
  }

  @Override
  public void kill() throws IOException {
    run("kill", API);
  }

  @Override
  public void pause() throws IOException {
    run("pause", API);
  }

  @Override
  public void resume() throws IOException {
    run("resume", API);
  }

  @Override
  public void startAgain() throws IOException {
    run("start", API);
  }

  @Override
  public boolean hasStorage() {
    return true;
  }

  @Override
  public void restartStorage() throws IOException {
    run("kill", ETCD);
    run("start", ETCD);
  }

  @Override
  public void compactStorage() throws IOException {
    run("compact", ETCD);
  }

  private void stop() {
    try {
      run("stop-all");
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this program is ending already: the hook has run or is running
    }
  }
}
