package io.kubekv.loopback;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.kubekv.embedded.Loopback;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The answer to one request, handed to fabric8's consumer a part at a time and only when asked for.
 * A part goes through on the thread that brings it when it has been asked for already, and else on
 * the thread that asks.
 */
final class LoopbackAnswer implements Loopback.Receiver, AsyncBody {
  private static final long FULL_BYTES = 256 * 1024;

  private final HttpRequest request;
  private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
  private final CompletableFuture<HttpResponse<AsyncBody>> head = new CompletableFuture<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<Loopback.Sent> sent = new CompletableFuture<>();
  private final Queue<byte[]> parts = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicInteger work = new AtomicInteger();
  private volatile boolean complete;

  LoopbackAnswer(HttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    this.request = request;
    this.consumer = consumer;
  }

  CompletableFuture<HttpResponse<AsyncBody>> head() {
    return head;
  }

  void sent(Loopback.Sent handle) {
    sent.complete(handle);
  }

  @Override
  public void head(int status, Map<String, List<String>> headers) {
    head.complete(new Head(request, status, headers, this));
  }

  @Override
  public void data(byte[] part) {
    waitingBytes.addAndGet(part.length);
    parts.add(part);
    drain();
  }

  @Override
  public void end() {
    complete = true;
    drain();
  }

  @Override
  public void cut() {
    IOException broken = new IOException("the connection was cut");
    head.completeExceptionally(broken);
    done.completeExceptionally(broken);
  }

  @Override
  public boolean full() {
    return waitingBytes.get() > FULL_BYTES;
  }

  @Override
  public void consume() {
    asked.incrementAndGet();
    drain();
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void cancel() {
    var unused = sent.thenAccept(Loopback.Sent::hangUp);
    done.cancel(false);
  }

  /** One thread at a time; what others bring meanwhile is seen before it leaves. */
  private void drain() {
    if (work.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      passOn();
      seen = work.addAndGet(-seen);
    } while (seen != 0);
  }

  private void passOn() {
    boolean wasFull = full();
    while (asked.get() > 0 && !done.isDone()) {
      byte[] part = parts.poll();
      if (part == null) {
        break;
      }
      asked.decrementAndGet();
      waitingBytes.addAndGet(-part.length);
      hand(part);
    }
    if (complete && parts.isEmpty()) {
      done.complete(null);
    }
    if (wasFull && !full()) {
      var unused = sent.thenAccept(Loopback.Sent::drained);
    }
  }

  private void hand(byte[] part) {
    try {
      consumer.consume(List.of(ByteBuffer.wrap(part)), this);
    } catch (Exception refused) {
      done.completeExceptionally(refused);
      var unused = sent.thenAccept(Loopback.Sent::hangUp);
    }
  }

  /** Status and headers. */
  private static final class Head extends StandardHttpHeaders implements HttpResponse<AsyncBody> {
    private final HttpRequest request;
    private final int status;
    private final AsyncBody body;

    Head(HttpRequest request, int status, Map<String, List<String>> headers, AsyncBody body) {
      super(headers);
      this.request = request;
      this.status = status;
      this.body = body;
    }

    @Override
    public int code() {
      return status;
    }

    @Override
    public AsyncBody body() {
      return body;
    }

    @Override
    public HttpRequest request() {
      return request;
    }

    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }
  }
}
