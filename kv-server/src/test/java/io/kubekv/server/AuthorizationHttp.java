package io.kubekv.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests of HTTP, and their answers with whatever is in base64 decoded. */
final class AuthorizationHttp implements AutoCloseable {
  private static final Pattern BASE64 = Pattern.compile("\"Value\":\"([A-Za-z0-9+/=]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String tokenHeader;
  private final String tokenScheme;
  private final Predicate<HttpResponse<String>> refusal;

  /**
   * @param tokenHeader where the dialect has its token
   * @param tokenScheme what stands before it
   * @param refusal whether an answer is the dialect's refusal, whole and in its form
   */
  AuthorizationHttp(
      String base,
      String tokenHeader,
      String tokenScheme,
      Predicate<HttpResponse<String>> refusal) {
    this.base = base;
    this.tokenHeader = tokenHeader;
    this.tokenScheme = tokenScheme;
    this.refusal = refusal;
  }

  AuthorizationAnswer send(String user, String method, String target, String body)
      throws IOException, InterruptedException {
    return send(user, method, target, body, Duration.ofSeconds(20)).orElseThrow();
  }

  /** Empty when no answer came in time. */
  Optional<AuthorizationAnswer> send(
      String user, String method, String target, String body, Duration atMost)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + target))
            .header(tokenHeader, tokenScheme + user)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(method, BodyPublishers.ofString(body))
            .build();
    // the request's own timeout ends with the answer's head, which a watch has at once
    CompletableFuture<HttpResponse<String>> coming =
        http.sendAsync(request, BodyHandlers.ofString());
    try {
      HttpResponse<String> response = coming.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(
          new AuthorizationAnswer(
              refusal.test(response), response.headers().map() + decoded(response.body())));
    } catch (TimeoutException silence) {
      coming.cancel(true);
      return Optional.empty();
    } catch (ExecutionException failed) {
      throw new IOException(method + " " + target + " was not answered", failed);
    }
  }

  private static String decoded(String body) {
    Matcher values = BASE64.matcher(body);
    StringBuilder all = new StringBuilder(body);
    while (values.find()) {
      all.append(new String(Base64.getDecoder().decode(values.group(1)), StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
