package io.kubekv.embedded;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One open watch. It reads the table's change log at its own pace: nothing is queued for it beyond
 * what the connection has taken, and a client that takes nothing for {@link #STALL} is cut off. All
 * that it does, it does in its home, one thing at a time.
 */
final class WatchStream {
  private static final Duration STALL = Duration.ofSeconds(30);
  private static final int CHANGES_AT_ONCE = 64;
  private static final int BYTES_AT_ONCE = 256 * 1024;
  private static final String INITIAL_END = "k8s.io/initial-events-end";

  private final Vertx vertx;
  private final Executor home;
  private final Runnable news = this::changed;
  private final ObjectStore store;
  private final Faults faults;
  private final Start start;
  private final WatchSink sink;
  private final Runnable forget;
  private final List<Long> timers = new ArrayList<>();
  private Iterator<Version> initial;
  private boolean initialBookmarkDue;
  private long position;
  private long allowed;
  private long sent;
  private long stallTimer = -1;
  private boolean headerSent;
  private boolean ended;

  /**
   * What a watch is of.
   *
   * @param filter which objects
   * @param rendering in which form
   * @param after only changes after this revision
   * @param initial objects to be shown as ADDED first: the state at {@code after}
   * @param initialBookmark whether a bookmark marks the end of those
   * @param bookmarks whether bookmarks are wanted
   */
  record Start(
      ServedType served,
      ObjectFilter filter,
      Rendering rendering,
      long after,
      List<Version> initial,
      boolean initialBookmark,
      boolean bookmarks) {}

  WatchStream(
      Vertx vertx,
      Executor home,
      ObjectStore store,
      Faults faults,
      Start start,
      WatchSink sink,
      Consumer<WatchStream> forget) {
    this.vertx = vertx;
    this.home = home;
    this.store = store;
    this.faults = faults;
    this.start = start;
    this.sink = sink;
    this.forget = () -> forget.accept(this);
    this.initial = start.initial().iterator();
    this.initialBookmarkDue = start.initialBookmark();
    this.position = table().log().positionAfter(start.after());
    this.sent = start.after();
    this.allowed = start.after();
  }

  private ObjectTable table() {
    return start.served().table();
  }

  /**
   * Begins to send, with a bookmark every {@code bookmarkEvery} and an end after {@code lifetime}.
   */
  void begin(Duration bookmarkEvery, Duration lifetime) {
    sink.onDrain(this::pump);
    sink.onClose(this::close);
    store.addListener(table(), news);
    if (start.bookmarks()) {
      timers.add(vertx.setPeriodic(bookmarkEvery.toMillis(), id -> home.execute(this::bookmark)));
    }
    timers.add(after(lifetime, this::finish));
    follow();
  }

  /** Called after every commit to the table, on any thread. */
  private void changed() {
    home.execute(this::follow);
  }

  private void follow() {
    long published = store.revision();
    Duration lag = faults.watchLag();
    if (lag.isZero()) {
      show(published);
    } else {
      after(lag, () -> show(published));
    }
  }

  private void show(long published) {
    allowed = Math.max(allowed, published);
    pump();
  }

  private long after(Duration delay, Runnable task) {
    return vertx.setTimer(Math.max(1, delay.toMillis()), id -> home.execute(task));
  }

  private void pump() {
    while (!ended && !sink.full()) {
      if (initial.hasNext()) {
        sendInitial();
      } else if (initialBookmarkDue) {
        initialBookmarkDue = false;
        sink.send(List.of(bookmarkEvent(start.after(), true)));
      } else if (!sendChanges()) {
        break;
      }
    }
    watchForStall();
  }

  private void sendInitial() {
    List<byte[]> events = new ArrayList<>();
    int bytes = 0;
    while (initial.hasNext() && bytes < BYTES_AT_ONCE) {
      byte[] event = event("ADDED", rendered(initial.next()));
      bytes += event.length;
      events.add(event);
    }
    sink.send(events);
  }

  /** Sends the next changes; false when there are none. */
  private boolean sendChanges() {
    List<Change> changes = new ArrayList<>();
    if (!table().log().read(position, allowed, CHANGES_AT_ONCE, changes)) {
      fail(Statuses.tooOldResourceVersion(sent, store.floor()));
      return false;
    }
    if (changes.isEmpty()) {
      sent = allowed;
      return false;
    }
    List<byte[]> events = new ArrayList<>(changes.size());
    int bytes = 0;
    for (Change change : changes) {
      byte[] event = change.revision() > start.after() ? eventOf(change) : null;
      position++;
      sent = Math.max(sent, change.revision());
      if (event != null) {
        events.add(event);
        bytes += event.length;
      }
      if (bytes > BYTES_AT_ONCE) {
        break;
      }
    }
    if (!events.isEmpty()) {
      sink.send(events);
    }
    return true;
  }

  private byte @Nullable [] eventOf(Change change) {
    boolean was = start.filter().matches(change.key(), change.before());
    boolean is = start.filter().matches(change.key(), change.version());
    Version version = change.version();
    if (is) {
      return event(was ? "MODIFIED" : "ADDED", rendered(version));
    }
    Version before = change.before();
    if (!was || before == null) {
      return null;
    }
    if (!version.deleted()) {
      byte[] last = ObjectJson.withRevision(before.json(), version.revision());
      version = new Version(version.revision(), last, true, null);
    }
    return event("DELETED", rendered(version));
  }

  private byte[] rendered(Version version) {
    boolean first = !headerSent;
    headerSent = true;
    return start.rendering().watched(version, first);
  }

  private static byte[] event(String type, byte[] object) {
    byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream(head.length + object.length + 1);
    out.writeBytes(head);
    out.writeBytes(object);
    out.write('}');
    return out.toByteArray();
  }

  private void bookmark() {
    pump();
    boolean caughtUp = !initial.hasNext() && !initialBookmarkDue && sent == allowed;
    if (!ended && caughtUp && !sink.full()) {
      sink.send(List.of(bookmarkEvent(sent, false)));
    }
  }

  private byte[] bookmarkEvent(long revision, boolean endsInitial) {
    ResourceType type = start.served().type();
    ObjectNode object = ObjectJson.MAPPER.createObjectNode();
    object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
    ObjectNode metadata =
        object.putObject("metadata").put("resourceVersion", Long.toUnsignedString(revision));
    metadata.putNull("creationTimestamp");
    if (endsInitial) {
      metadata.putObject("annotations").put(INITIAL_END, "true");
    }
    return event("BOOKMARK", start.rendering().bookmark(object));
  }

  /** Answers a watch from a revision that history no longer reaches back to. */
  void expired(long asked) {
    fail(Statuses.tooOldResourceVersion(asked, store.floor()));
  }

  private void fail(ApiException why) {
    sink.send(List.of(event("ERROR", ObjectJson.MAPPER.writeValueAsBytes(why.status()))));
    close();
    sink.end();
  }

  private void watchForStall() {
    if (!ended && sink.full() && stallTimer < 0) {
      long before = position;
      stallTimer = after(STALL, () -> checkStall(before));
    }
  }

  private void checkStall(long before) {
    stallTimer = -1;
    if (sink.full() && position == before) {
      close();
      sink.cut();
    } else {
      watchForStall();
    }
  }

  /** Ends the watch as its lifetime ends: with a last bookmark, if bookmarks are wanted. */
  private void finish() {
    if (start.bookmarks()) {
      bookmark();
    }
    end();
  }

  /** Ends the watch in an orderly way, as a server that goes away does. Any thread. */
  void endNow() {
    home.execute(this::end);
  }

  private void end() {
    if (!ended) {
      close();
      sink.end();
    }
  }

  private void close() {
    if (!ended) {
      ended = true;
      store.removeListener(table(), news);
      timers.forEach(vertx::cancelTimer);
      if (stallTimer >= 0) {
        vertx.cancelTimer(stallTimer);
      }
      forget.run();
    }
  }
}
