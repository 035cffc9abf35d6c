package io.kubekv.embedded;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request from a client in this process. Its watch, if it is one, belongs to the event loop. */
final class LoopbackExchange implements Exchange, Loopback.Sent {
  private final Context context;
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, List<String>> parameters;
  private final Map<String, String> headers;
  private final Loopback.Receiver receiver;
  private final Map<String, List<String>> answerHeaders = new LinkedHashMap<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private Runnable drained = () -> {};
  private Runnable gone = () -> {};

  LoopbackExchange(
      Context context,
      String method,
      String target,
      Map<String, String> headers,
      Loopback.Receiver receiver) {
    this.context = context;
    this.method = method;
    this.headers = headers;
    this.receiver = receiver;
    int question = target.indexOf('?');
    this.path = question < 0 ? target : target.substring(0, question);
    this.query = question < 0 ? "" : target.substring(question + 1);
    this.parameters =
        query.isEmpty() ? Map.of() : new QueryStringDecoder(query, false).parameters();
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String query() {
    return query;
  }

  @Override
  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public @Nullable String parameter(String name) {
    List<String> values = parameters.get(name);
    return values == null ? null : values.getFirst();
  }

  @Override
  public void addHeader(String name, String value) {
    answerHeaders.computeIfAbsent(name, same -> new ArrayList<>(1)).add(value);
  }

  @Override
  public void answer(int status, String contentType, byte[] body) {
    if (!begun.compareAndSet(false, true)) {
      cut();
    } else if (over.compareAndSet(false, true)) {
      addHeader("Content-Type", contentType);
      receiver.head(status, answerHeaders);
      receiver.data(body);
      receiver.end();
    }
  }

  @Override
  public void stream(Consumer<WatchSink> opened) {
    if (begun.compareAndSet(false, true)) {
      addHeader("Content-Type", "application/json");
      receiver.head(200, answerHeaders);
      opened.accept(new Sink());
    }
  }

  @Override
  public void cut() {
    if (over.compareAndSet(false, true)) {
      gone.run();
      receiver.cut();
    }
  }

  @Override
  public void drained() {
    context.runOnContext(now -> drained.run());
  }

  @Override
  public void hangUp() {
    context.runOnContext(
        now -> {
          if (over.compareAndSet(false, true)) {
            gone.run();
          }
        });
  }

  /** Events as lines, as in a chunked answer. */
  private final class Sink implements WatchSink {
    @Override
    public void send(List<byte[]> events) {
      if (!over.get()) {
        receiver.data(WatchSink.lines(events));
      }
    }

    @Override
    public boolean full() {
      return receiver.full();
    }

    @Override
    public void onDrain(Runnable action) {
      drained = action;
    }

    @Override
    public void onClose(Runnable action) {
      gone = action;
    }

    @Override
    public void end() {
      if (over.compareAndSet(false, true)) {
        receiver.end();
      }
    }

    @Override
    public void cut() {
      LoopbackExchange.this.cut();
    }
  }
}
