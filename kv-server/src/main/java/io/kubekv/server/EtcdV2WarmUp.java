package io.kubekv.server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;

/** What Docker asks of etcd. */
final class EtcdV2WarmUp {
  private static final int KEYS = 100;

  private final WarmUpHttp http;

  EtcdV2WarmUp(HttpClient client, String url) {
    this.http = new WarmUpHttp(client, url + "/v2/keys/docker");
  }

  /** A heartbeat, a lock-free change of a record, the reads and the watch beside them. */
  void round(int round) throws IOException, InterruptedException {
    String record = "/network/v1.0/endpoint/" + round % KEYS;
    http.send("PUT", "/nodes/10.0.0." + round % KEYS + ":2376", "value=10.0.0.1%3A2376&ttl=60");
    String written = index(http.send("PUT", record, "value=" + "x".repeat(200)));
    http.send("PUT", record + "?prevIndex=" + written, "value=" + "y".repeat(200));
    http.get(record + "?quorum=true");
    http.get("/nodes?recursive=true");
    http.get(record + "?wait=true&waitIndex=" + written);
    if (round % 2 == 0) {
      http.send("DELETE", record, "");
    }
  }

  private static String index(HttpResponse<String> response) {
    return response.headers().firstValue("X-Etcd-Index").orElseThrow();
  }
}
