package io.kubekv.server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.UUID;

/** What libkv, on which Docker is built, asks of Consul. */
final class ConsulWarmUp {
  private static final int KEYS = 100;

  private final WarmUpHttp http;

  ConsulWarmUp(HttpClient client, String url) {
    this.http = new WarmUpHttp(client, url + "/v1");
  }

  /** A lock-free change of a record, the reads and the watch beside them; sometimes a lock. */
  void round(int round) throws IOException, InterruptedException {
    String record = "/kv/consul/network/v1.0/endpoint/" + round % KEYS;
    http.send("PUT", record, "x".repeat(200));
    String written = index(http.get(record + "?consistent="));
    http.send("PUT", record + "?cas=" + written, "y".repeat(200));
    http.get("/kv/consul/network/?recurse=");
    http.get(record + "?index=" + written + "&wait=10s");
    if (round % 10 == 0) {
      lock("/kv/consul/lock");
    }
    if (round % 2 == 0) {
      http.send("DELETE", record, "");
    }
  }

  private void lock(String key) throws IOException, InterruptedException {
    String body = "{\"TTL\": \"15s\", \"LockDelay\": \"0s\", \"Behavior\": \"delete\"}";
    UUID id = session(http.send("PUT", "/session/create", body).body());
    http.send("PUT", key + "?acquire=" + id, "held");
    http.send("PUT", "/session/renew/" + id, "");
    http.send("PUT", key + "?release=" + id, "");
    http.send("PUT", "/session/destroy/" + id, "");
  }

  /** The answer is {@code {"ID":"..."}}. */
  private static UUID session(String answer) {
    return UUID.fromString(answer.replaceAll("[^-0-9a-f]", ""));
  }

  private static String index(HttpResponse<String> response) {
    return response.headers().firstValue("X-Consul-Index").orElseThrow();
  }
}
