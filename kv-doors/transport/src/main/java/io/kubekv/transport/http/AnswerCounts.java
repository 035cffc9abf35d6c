package io.kubekv.transport.http;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts answers by method and status, in bounded memory whatever clients send. */
final class AnswerCounts {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH");

  private final Map<ListenerStats.Answered, LongAdder> answers = new ConcurrentHashMap<>();
  private final AtomicInteger streams = new AtomicInteger();

  void answered(HttpExchange exchange, int status) {
    String name = METHODS.contains(exchange.method()) ? exchange.method() : "OTHER";
    answers
        .computeIfAbsent(new ListenerStats.Answered(name, status), key -> new LongAdder())
        .increment();
  }

  void streamOpened() {
    streams.incrementAndGet();
  }

  void streamClosed() {
    streams.decrementAndGet();
  }

  int streams() {
    return streams.get();
  }

  Map<ListenerStats.Answered, Long> answers() {
    return answers.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }
}
