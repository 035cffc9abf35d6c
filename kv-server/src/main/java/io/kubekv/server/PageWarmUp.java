package io.kubekv.server;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.client.KubekvClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;

/** What a browser asks of the page, so that its first screen is there at once. */
final class PageWarmUp {
  private static final String KEY = "warm/page";
  private static final List<String> SCREENS =
      List.of(
          "",
          "?prefix=warm%2F",
          "key?key=warm%2Fpage",
          "key?key=warm%2Fpage&as=hex",
          "watch",
          "deleted",
          "locks",
          "store");

  private final WarmUpHttp http;

  PageWarmUp(HttpClient client, String url) {
    this.http = new WarmUpHttp(client, url);
  }

  /**
   * Each of its screens.
   *
   * @param grpc where the same store takes a key to show
   */
  void round(String grpc) throws IOException, InterruptedException {
    try (KubekvClient client = KubekvClient.to(grpc).connect()) {
      client.put(PutRequest.of(Key.of(KEY), Bytes.utf8("{\"shown\":[1,2]}")));
    }
    for (String screen : SCREENS) {
      http.get(screen);
    }
  }
}
