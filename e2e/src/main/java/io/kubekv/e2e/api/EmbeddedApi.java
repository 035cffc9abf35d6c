package io.kubekv.e2e.api;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The embedded API server of a {@code kubekv serve} that serves a store of its own in another
 * namespace.
 */
public final class EmbeddedApi implements ApiServer {
  private final StoreProcess process;

  private EmbeddedApi(StoreProcess process) {
    this.process = process;
  }

  public static EmbeddedApi open() throws IOException {
    return new EmbeddedApi(StoreProcess.embedded("--namespace", "its-own"));
  }

  @Override
  public String namespace() {
    return "default";
  }

  @Override
  public ApiAddress address() throws IOException {
    return ApiAddress.of(data().resolve("kubeconfig"));
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void start() throws IOException {
    process.startAgain();
  }

  @Override
  public void keep() throws IOException {
    kill();
    Folders.replace(data(), kept());
    start();
  }

  @Override
  public void restore() throws IOException {
    kill();
    Folders.replace(kept(), data());
    start();
  }

  @Override
  public void close() {
    process.close();
  }

  private Path data() {
    return process.folder().resolve("data");
  }

  private Path kept() {
    return process.folder().resolve("kept");
  }
}
