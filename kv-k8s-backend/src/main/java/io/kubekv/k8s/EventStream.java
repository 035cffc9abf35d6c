package io.kubekv.k8s;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The body of a watch: JSON objects, one to a line. Cuts it into events on the thread that receives
 * them.
 */
final class EventStream implements KubernetesApi.Stream {
  private final KubernetesApi.StreamListener listener;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Line line = new Line();
  private volatile @Nullable AsyncBody body;
  private volatile boolean closed;
  private volatile int status;

  /** The start of a line whose end has not come yet. */
  private static final class Line extends ByteArrayOutputStream {
    private static final int KEPT_BYTES = 64 << 10;

    byte[] take() {
      byte[] content = toByteArray();
      if (buf.length > KEPT_BYTES) {
        buf = new byte[KEPT_BYTES];
      }
      reset();
      return content;
    }
  }

  EventStream(KubernetesApi.StreamListener listener) {
    this.listener = listener;
  }

  void opened(int code, AsyncBody newBody) {
    status = code;
    body = newBody;
    if (closed) {
      newBody.cancel();
    }
  }

  void received(List<ByteBuffer> buffers, AsyncBody from) {
    try {
      for (ByteBuffer buffer : buffers) {
        received(buffer);
      }
      from.consume();
    } catch (RuntimeException unreadable) {
      from.cancel();
      ended(Optional.of(new ApiFailure.NoAnswer("unreadable watch: " + unreadable)));
    }
  }

  void ended(Optional<ApiFailure> failure) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    boolean refused = status >= 300;
    listener.ended(refused ? Optional.of(KubernetesErrors.of(status, line.take())) : failure);
  }

  @Override
  public void close() {
    closed = true;
    AsyncBody open = body;
    if (open != null) {
      open.cancel();
    }
    ended(Optional.empty());
  }

  private void received(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    if (status >= 300) {
      line.write(bytes, 0, bytes.length);
      return;
    }
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i - start);
        start = i + 1;
        complete(line.take());
      }
    }
    line.write(bytes, start, bytes.length - start);
  }

  private void complete(byte[] json) {
    if (json.length == 0 || ended.get()) {
      return;
    }
    switch (WatchFrames.read(json)) {
      case WatchFrames.Event event -> listener.event(event.event());
      case WatchFrames.Failed failed -> ended(Optional.of(failed.failure()));
      case WatchFrames.Unknown unknown -> {}
    }
  }
}
