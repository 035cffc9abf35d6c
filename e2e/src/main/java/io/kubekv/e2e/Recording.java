package io.kubekv.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The recorded traffic of two Docker engines, in the order in which the recorded store took effect.
 *
 * <p>The engines sent some requests at the same time. Each recorded answer states the store's
 * index, so the answers themselves say which of them came first: a change stands before the reads
 * that state its index. Where two answers state the same index, the recorded time decides. This
 * order never turns round two requests of which one was answered before the other was sent ({@code
 * RecordingTest}).
 *
 * @param closed when each connection was closed, in seconds of the recording
 */
record Recording(List<Exchange> exchanges, Map<Integer, Double> closed) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Comparator<Exchange> AS_THE_STORE_TOOK_THEM =
      Comparator.comparingLong(Exchange::index)
          .thenComparing(e -> !e.isChange())
          .thenComparingDouble(Exchange::sent);

  Recording {
    exchanges = List.copyOf(exchanges);
    closed = Map.copyOf(closed);
  }

  static Recording read(Path file) throws IOException {
    List<Exchange> exchanges = new ArrayList<>();
    Map<Integer, Double> closed = new HashMap<>();
    long lastIndex = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode entry = JSON.readTree(line);
        if (entry.has("n")) {
          exchanges.add(exchange(entry, lastIndex));
          lastIndex = Math.max(lastIndex, exchanges.getLast().index());
        } else if (entry.path("event").asString("").equals("conn-close")) {
          closed.put(entry.path("conn").asInt(), entry.path("t").asDouble());
        }
      }
    }
    exchanges.sort(AS_THE_STORE_TOOK_THEM);
    return new Recording(exchanges, closed);
  }

  private static Exchange exchange(JsonNode entry, long lastIndex) {
    Map<String, String> headers = pairs(entry.path("req_headers"));
    headers.keySet().removeAll(List.of("host", "content-length"));
    String text = entry.path("resp_body").asString("");
    JsonNode answer = text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
    String stated =
        pairs(entry.path("resp_headers")).getOrDefault("x-etcd-index", Long.toString(lastIndex));
    boolean change =
        !entry.path("method").asString().equals("GET") && entry.path("status").asInt() < 300;
    return new Exchange(
        entry.path("n").asInt(),
        entry.path("conn").asInt(),
        entry.path("method").asString(),
        entry.path("target").asString(),
        headers,
        entry.path("req_body").asString(""),
        entry.path("status").asInt(),
        answer,
        entry.path("t").asDouble(),
        entry.path("t_end").asDouble(),
        change ? answer.path("node").path("modifiedIndex").asLong() : Long.parseLong(stated));
  }

  private static Map<String, String> pairs(JsonNode headers) {
    Map<String, String> pairs = new HashMap<>();
    headers.forEach(
        header ->
            pairs.put(header.get(0).asString().toLowerCase(Locale.ROOT), header.get(1).asString()));
    return pairs;
  }
}
