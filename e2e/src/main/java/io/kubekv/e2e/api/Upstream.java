package io.kubekv.e2e.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;

/**
 * Where an API server is, and who one is there.
 *
 * @param base without a slash at the end
 * @param token the bearer token
 * @param client that trusts it; HTTP/1.1, so that a watch that stands still stops nothing else
 */
public record Upstream(URI base, String token, HttpClient client) {

  /**
   * With a client of its own.
   *
   * @throws IOException when the authority cannot be trusted
   */
  public static Upstream of(ApiAddress address) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(address.trust())
            .connectTimeout(Duration.ofSeconds(5))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    return new Upstream(address.server(), address.token(), client);
  }
}
