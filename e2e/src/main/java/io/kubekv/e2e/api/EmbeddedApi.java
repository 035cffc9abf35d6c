package io.kubekv.e2e.api;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/**
 * The embedded API server of a {@code kubekv serve} that serves a store of its own in another
 * namespace.
 */
public final class EmbeddedApi implements ApiServer {
  private static final String NAMESPACE = "store";

  private final StoreProcess process;

  private EmbeddedApi(StoreProcess process) {
    this.process = process;
  }

  /** Starts it and makes the namespace. Blocks until it is there. */
  public static EmbeddedApi open() throws IOException {
    EmbeddedApi api = new EmbeddedApi(StoreProcess.embedded());
    api.makeNamespace();
    return api;
  }

  private void makeNamespace() throws IOException {
    ApiAddress address = address();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address.server() + "/api/v1/namespaces"))
            .header("Authorization", "Bearer " + address.token())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
                        .formatted(NAMESPACE)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 201) {
        throw new IOException("the namespace was not made: " + answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public String namespace() {
    return NAMESPACE;
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
