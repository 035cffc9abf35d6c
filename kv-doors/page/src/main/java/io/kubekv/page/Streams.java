package io.kubekv.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The streams that are open: so many of a client, and so many in all. Thread-safe. */
final class Streams implements AutoCloseable {
  static final int OF_CLIENT = 16;
  static final int OF_ALL = 128;

  private final Set<LiveStream> open = new HashSet<>();
  private final Map<String, Integer> byClient = new HashMap<>();
  private boolean closed;

  /** Takes a stream; refuses it where there are too many. */
  synchronized void add(String client, LiveStream stream) {
    int own = byClient.getOrDefault(client, 0);
    if (closed || open.size() >= OF_ALL) {
      throw new PageError(429, "Too many live views are open, at most " + OF_ALL + ": close some.");
    }
    if (own >= OF_CLIENT) {
      throw new PageError(
          429, "You have too many live views open, at most " + OF_CLIENT + ": close some.");
    }
    open.add(stream);
    byClient.put(client, own + 1);
  }

  /** A stream is over. May be repeated. */
  synchronized void remove(String client, LiveStream stream) {
    if (open.remove(stream)) {
      int left = byClient.getOrDefault(client, 1) - 1;
      if (left == 0) {
        byClient.remove(client);
      } else {
        byClient.put(client, left);
      }
    }
  }

  synchronized int size() {
    return open.size();
  }

  /** Ends all of them; there will be no more. */
  @Override
  public void close() {
    List<LiveStream> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(open);
    }
    all.forEach(LiveStream::end);
  }
}
