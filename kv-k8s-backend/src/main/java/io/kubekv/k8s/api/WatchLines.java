package io.kubekv.k8s.api;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a watch, one JSON object to a line, as events, on the thread that receives it. */
final class WatchLines implements ObjectApi.Stream {
  private static final int MOST_BYTES = 8 << 20;

  private final JsonMapper json;
  private final ObjectApi.Listener listener;
  private final AtomicBoolean ended = new AtomicBoolean();
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private volatile @Nullable AsyncBody body;
  private volatile boolean closed;
  private volatile int status;

  WatchLines(JsonMapper json, ObjectApi.Listener listener) {
    this.json = json;
    this.listener = listener;
  }

  void opened(int code, AsyncBody newBody) {
    status = code;
    body = newBody;
    if (closed) {
      cancel(newBody);
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
      end(Optional.of(new ApiFailure.NoAnswer("unreadable watch: " + unreadable)));
    }
  }

  private void received(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    int start = 0;
    for (int i = 0; i < bytes.length && status < 300; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i - start);
        start = i + 1;
        complete();
      }
    }
    line.write(bytes, start, bytes.length - start);
    if (line.size() > MOST_BYTES) {
      throw new IllegalArgumentException("an event of more than " + MOST_BYTES + " bytes");
    }
  }

  private void complete() {
    byte[] whole = line.toByteArray();
    line = new ByteArrayOutputStream();
    if (whole.length == 0 || ended.get()) {
      return;
    }
    JsonNode frame = json.readTree(whole);
    JsonNode object = frame.path("object");
    switch (frame.path("type").asString("")) {
      case "ADDED", "MODIFIED" -> listener.changed(ApiObject.of(object));
      case "DELETED" -> listener.removed(ApiObject.of(object));
      case "BOOKMARK" -> listener.bookmark();
      case "ERROR" ->
          end(
              Optional.of(
                  KubernetesErrors.of(
                      object.path("code").asInt(500), json.writeValueAsBytes(object))));
      default -> {}
    }
  }

  void end(Optional<ApiFailure> failure) {
    if (ended.compareAndSet(false, true)) {
      listener.ended(
          status >= 300 ? Optional.of(KubernetesErrors.of(status, line.toByteArray())) : failure);
    }
  }

  @Override
  public synchronized void close() {
    AsyncBody open = body;
    if (!closed && open != null) {
      cancel(open);
    }
    closed = true;
    end(Optional.empty());
  }

  private static void cancel(AsyncBody open) {
    try {
      open.cancel();
    } catch (RejectedExecutionException clientIsClosed) {
      // and the watch with it
    }
  }
}
