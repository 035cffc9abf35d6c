package io.kubekv.benchmarks;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** How a watch of the benchmark's key is asked for in a protocol, and how its event shows. */
public enum Watching {
  /** {@code wait=true}: the head of the answer comes at once. */
  ETCD("/v2/keys/benchmark/watched", "woken") {
    @Override
    byte[] request(InetSocketAddress store) {
      return HttpConnection.request("GET", path() + "?wait=true", store, Map.of(), "");
    }

    @Override
    byte[] change(InetSocketAddress store) {
      Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
      return HttpConnection.request("PUT", path(), store, form, "value=woken");
    }

    @Override
    boolean isHeadFirst() {
      return true;
    }
  },

  /** A blocking query: nothing comes before the event, whose value is base64. */
  CONSUL("/v1/kv/benchmark/watched", "d29rZW4=") {
    @Override
    byte[] request(InetSocketAddress store) throws IOException {
      try (HttpConnection connection = HttpConnection.open(store)) {
        HttpAnswer now =
            connection.exchange(HttpConnection.request("GET", path(), store, Map.of(), ""));
        String index =
            now.header("X-Consul-Index")
                .orElseThrow(() -> new IOException("no X-Consul-Index in " + now.headers()));
        return HttpConnection.request(
            "GET", path() + "?index=" + index + "&wait=10m", store, Map.of(), "");
      }
    }

    @Override
    byte[] change(InetSocketAddress store) {
      return HttpConnection.request("PUT", path(), store, Map.of(), "woken");
    }

    @Override
    boolean isHeadFirst() {
      return false;
    }
  };

  private final String path;
  private final String event;

  Watching(String path, String event) {
    this.path = path;
    this.event = event;
  }

  String path() {
    return path;
  }

  /** What only the answer of a watch that was woken contains. */
  String event() {
    return event;
  }

  /** Asks for the next change; blocks when it must find out what the last one was. */
  abstract byte[] request(InetSocketAddress store) throws IOException;

  /** Changes the key. */
  abstract byte[] change(InetSocketAddress store);

  /** Whether a waiting watch has the head of its answer. */
  abstract boolean isHeadFirst();
}
