package io.kubekv.cli.transfer;

import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A server that answers with JSON. Blocks; every failure is a {@link TransferException}. */
final class HttpJson {
  private static final Duration CONNECTING = Duration.ofSeconds(10);
  private static final Duration ANSWERING = Duration.ofMinutes(10);

  private final String base;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECTING)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /**
   * @param base scheme, host and port; {@link IllegalArgumentException} when it is no address
   */
  HttpJson(String base) {
    this.base = base.replaceAll("(?<=[^:/])/+$", "");
    if (!hasHost(this.base)) {
      throw new IllegalArgumentException("it names no HOST:PORT");
    }
  }

  private static boolean hasHost(String address) {
    try {
      return new URI(address).getHost() != null;
    } catch (URISyntaxException none) {
      return false;
    }
  }

  /** The answer to a GET; empty when it is 404. */
  Optional<JsonNode> get(String path) {
    return answer(request(path).GET().build());
  }

  JsonNode post(String path, JsonNode body) {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.line(body)))
            .build();
    return answer(request)
        .orElseThrow(
            () ->
                TransferException.unavailable(
                    request.uri() + " answered with HTTP 404: is it this kind of server?"));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWERING);
  }

  private Optional<JsonNode> answer(HttpRequest request) {
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return switch (response.statusCode()) {
          case 200 -> Optional.of(Json.MAPPER.readTree(body));
          case 404 -> Optional.empty();
          default ->
              throw TransferException.unavailable(
                  request.uri() + " answered with HTTP " + response.statusCode());
        };
      }
    } catch (IOException failure) {
      throw TransferException.unavailable(
          request.uri() + " cannot be asked: " + FileProblems.explain(failure), failure);
    } catch (JacksonException garbled) {
      throw TransferException.unavailable(
          request.uri() + " answers with something that is no JSON: is it this kind of server?",
          garbled);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw TransferException.unavailable("interrupted", interrupted);
    }
  }
}
