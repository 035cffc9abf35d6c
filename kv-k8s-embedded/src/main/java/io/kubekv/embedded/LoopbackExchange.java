package io.kubekv.embedded;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request from a client in this process. Its watch goes on in turns, on any thread. */
final class LoopbackExchange implements Exchange, Loopback.Sent {
  private final Turns turns = new Turns();
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, List<String>> parameters;
  private final Map<String, String> headers;
  private final Loopback.Receiver receiver;
  private final Map<String, List<String>> answerHeaders = new LinkedHashMap<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile Runnable drained = () -> {};
  private volatile Runnable gone = () -> {};

  LoopbackExchange(
      String method, String target, Map<String, String> headers, Loopback.Receiver receiver) {
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
  public void stream(Opened opened) {
    if (begun.compareAndSet(false, true)) {
      addHeader("Content-Type", "application/json");
      receiver.head(200, answerHeaders);
      turns.execute(() -> opened.opened(new Sink(), turns));
    }
  }

  @Override
  public void cut() {
    if (over.compareAndSet(false, true)) {
      turns.execute(gone);
      receiver.cut();
    }
  }

  @Override
  public void drained() {
    turns.execute(drained);
  }

  @Override
  public void hangUp() {
    if (over.compareAndSet(false, true)) {
      turns.execute(gone);
    }
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
