package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The screen of locks, of what waits for them, and of sessions with what they hold. */
final class Holding {
  private final KeyValueStore store;

  Holding(KeyValueStore store) {
    this.store = store;
  }

  /**
   * A key that a session holds.
   *
   * @param token that later holders have higher ones of
   */
  record Lock(String key, String url, String holder, String session, String token) {}

  /** Keys of one level that end with sessions, the oldest first. */
  record Queue(String level, List<Place> places) {}

  /**
   * One of them.
   *
   * @param part what it is where the level is a lock: holds or waits
   */
  record Place(String part, String key, String url, String session, String created) {}

  /** A session, with what it holds and what ends with it. */
  record Lived(
      String id,
      String name,
      String timeToLive,
      String behavior,
      String created,
      List<LevelScreen.Link> keys) {}

  /**
   * The screen.
   *
   * @param sessionsHidden why no sessions are shown; empty when they are
   * @param cut whether there is more than is shown
   */
  record Screen(
      String prefix,
      String prefixText,
      List<Lock> locks,
      List<Queue> queues,
      List<Lived> sessions,
      String sessionCount,
      String sessionsHidden,
      boolean cut) {}

  void answer(Call call) {
    Prefix prefix = call.query().prefix();
    Holdings found = Holdings.read(store, prefix);
    List<Session> sessions = List.of();
    String hidden = "";
    try {
      sessions = Await.read(store.sessions().list(Freshness.LINEARIZABLE)).sessions();
    } catch (PermissionDeniedException denied) {
      hidden = "You may not see the sessions of this store.";
    }
    boolean cut = found.cut() || sessions.size() > Holdings.SHOWN;
    List<Session> shown = sessions.stream().limit(Holdings.SHOWN).toList();
    call.answer(
        "locks",
        new Frame("Locks and sessions", "locks", prefix.text()),
        new Screen(
            Visible.of(prefix.text()),
            prefix.text(),
            found.held().stream().map(entry -> lock(entry, shown)).toList(),
            found.attached().entrySet().stream().map(Holding::queue).toList(),
            shown.stream().map(session -> lived(session, found)).toList(),
            String.format(Locale.ROOT, "%,d", sessions.size()),
            hidden,
            cut));
  }

  private static Lock lock(Entry entry, List<Session> sessions) {
    Optional<SessionId> holder = entry.lock().holder();
    String name =
        sessions.stream()
            .filter(session -> holder.map(session.id()::equals).orElse(false))
            .map(session -> session.spec().name())
            .findFirst()
            .orElse("");
    return new Lock(
        Visible.of(entry.key().text()),
        Urls.key(entry.key()),
        Visible.of(name),
        holder.map(SessionId::toString).orElse(""),
        entry.lock().acquireRevision().map(Revision::toString).orElse(""));
  }

  private static Queue queue(Map.Entry<String, List<Entry>> level) {
    List<Entry> oldestFirst =
        level.getValue().stream().sorted(Comparator.comparing(Entry::createRevision)).toList();
    List<Place> places =
        oldestFirst.stream()
            .map(entry -> place(entry, entry.equals(oldestFirst.getFirst())))
            .toList();
    return new Queue(level.getKey().isEmpty() ? "(top)" : Visible.of(level.getKey()), places);
  }

  private static Place place(Entry entry, boolean first) {
    return new Place(
        first ? "holds" : "waits",
        Visible.of(entry.key().text()),
        Urls.key(entry.key()),
        entry.attachedTo().map(SessionId::toString).orElse(""),
        entry.createRevision().toString());
  }

  private static Lived lived(Session session, Holdings found) {
    SessionSpec spec = session.spec();
    Stream<Entry> held = found.held().stream().filter(entry -> entry.lock().isHeldBy(session.id()));
    Stream<Entry> attached =
        found.attached().values().stream()
            .flatMap(List::stream)
            .filter(entry -> entry.attachedTo().map(session.id()::equals).orElse(false));
    List<LevelScreen.Link> keys =
        Stream.concat(held, attached)
            .map(
                entry ->
                    new LevelScreen.Link(Visible.of(entry.key().text()), Urls.key(entry.key())))
            .distinct()
            .toList();
    return new Lived(
        session.id().toString(),
        Visible.cut(Visible.of(spec.name()), 100),
        spec.timeToLive().map(Durations::text).orElse("for ever"),
        spec.behavior().name().toLowerCase(Locale.ROOT),
        session.createRevision().toString(),
        keys);
  }
}
