package io.kubekv.benchmarks.naive;

import io.kubekv.Cause;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * A watch of the API for one watcher. It does not know what an entry was before a change, nor why
 * one was deleted, and does not come back when its connection is lost: that is {@link
 * WatchEvent.HistoryGone}.
 */
final class NaiveWatch implements Watch {
  private final Range range;
  private final Revision start;
  private final InputStream frames;
  private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
  private Revision last;
  private volatile boolean over;

  /** Takes over the answer to the request of a watch that begins after {@code start}. */
  NaiveWatch(Range range, Revision start, InputStream frames) {
    this.range = range;
    this.start = start;
    this.last = start;
    this.frames = frames;
    events.add(new WatchEvent.Progress(start));
    Thread.ofVirtual().name("naive-watch").start(this::read);
  }

  @Override
  public Revision start() {
    return start;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(frames, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode frame = ObjectApi.JSON.readTree(line);
        event(frame.path("type").asString(), frame.path("object")).ifPresent(events::add);
      }
    } catch (IOException closed) {
      // told below
    }
    events.add(new WatchEvent.HistoryGone(last.next()));
  }

  private Optional<WatchEvent> event(String type, JsonNode object) throws IOException {
    if (type.equals("ERROR")) {
      throw new IOException("the API ended the watch: " + object);
    }
    last = StoredJson.revision(object);
    if (type.equals("BOOKMARK")) {
      return Optional.of(new WatchEvent.Progress(last));
    }
    var entry = StoredJson.entry(object);
    if (!range.contains(entry.key())) {
      return Optional.empty();
    }
    return Optional.of(
        type.equals("DELETED")
            ? new WatchEvent.Delete(last, entry, Cause.DELETE, List.of())
            : new WatchEvent.Put(entry, Optional.empty(), StoredJson.cause(object)));
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    if (over) {
      return Optional.empty();
    }
    long nanos = atMost.compareTo(Duration.ofDays(1000)) > 0 ? Long.MAX_VALUE : atMost.toNanos();
    WatchEvent next = events.poll(nanos, TimeUnit.NANOSECONDS);
    if (over) {
      return Optional.empty();
    }
    over = next instanceof WatchEvent.HistoryGone;
    return Optional.ofNullable(next);
  }

  @Override
  public void whenReady(Runnable wake) {
    throw new UnsupportedOperationException("watches of the naive store wait on threads");
  }

  @Override
  public boolean isWithinRevision() {
    return false;
  }

  @Override
  public void close() {
    over = true;
    events.add(new WatchEvent.HistoryGone(start)); // only wakes whoever waits
    try {
      frames.close();
    } catch (IOException alreadyGone) {
      // nothing to free
    }
  }
}
