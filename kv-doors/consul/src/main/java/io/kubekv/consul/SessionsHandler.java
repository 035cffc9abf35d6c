package io.kubekv.consul;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.golang.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /v1/session/}. All sessions are of the one node. */
final class SessionsHandler {
  private final KeyValueStore store;
  private final BlockingQueries queries;
  private final ConsulSettings settings;
  private final SessionCreation creation;
  private final SessionWriter writer;
  private final Bell bell;

  SessionsHandler(
      KeyValueStore store, BlockingQueries queries, Bell bell, ConsulSettings settings) {
    this.store = store;
    this.queries = queries;
    this.settings = settings;
    this.creation = new SessionCreation(settings);
    this.writer = new SessionWriter(settings.node());
    this.bell = bell;
  }

  /** What Consul says to a session id that is none. */
  static ConsulError notAnId(String id) {
    String why =
        id.length() == SessionId.random().toString().length()
            ? "Invalid UUID"
            : "UUID must be 36 characters";
    return new ConsulError(500, "failed session lookup: index error: " + why);
  }

  void create(Call call) throws ConsulError {
    SessionSpec spec = creation.spec(SessionBody.of(call.body()));
    call.requireDatacenter(settings.datacenter());
    SessionId id = Await.change(store.sessions().create(spec)).id();
    call.answer(Response.json(new Json().raw("{\"ID\":").string(id.toString()).raw("}")));
  }

  void renew(Call call) throws ConsulError {
    ReadOptions.of(call.query());
    SessionId id = id(call);
    Optional<Session> session = Await.change(store.sessions().renew(id));
    call.answer(
        session
            .map(living -> writer.sessions(List.of(living)))
            .orElseGet(() -> Response.text(404, "Session id '" + id + "' not found")));
  }

  void destroy(Call call) throws ConsulError {
    Await.change(store.sessions().destroy(id(call)));
    call.answer(Response.json(true));
  }

  private SessionId id(Call call) throws ConsulError {
    String text = call.below();
    if (text.isEmpty()) {
      throw new ConsulError(400, "Missing session");
    }
    call.requireDatacenter(settings.datacenter());
    return SessionId.parse(text).orElseThrow(() -> notAnId(text));
  }

  void info(Call call) throws ConsulError {
    ReadOptions options = ReadOptions.of(call.query());
    String text = call.below();
    if (text.isEmpty()) {
      throw new ConsulError(400, "Missing session");
    }
    Optional<SessionId> id = SessionId.parse(text);
    if (id.isEmpty()) {
      call.answer(notAnId(text).response().ofFailedRead());
      return;
    }
    read(call, options, () -> one(Await.read(store.sessions().get(id.get(), options.freshness()))));
  }

  void list(Call call) throws ConsulError {
    ReadOptions options = ReadOptions.of(call.query());
    read(call, options, () -> all(Await.read(store.sessions().list(options.freshness())), true));
  }

  void node(Call call) throws ConsulError {
    ReadOptions options = ReadOptions.of(call.query());
    String node = call.below();
    if (node.isEmpty()) {
      throw new ConsulError(400, "Missing node name");
    }
    boolean own = settings.isNode(node);
    read(call, options, () -> all(Await.read(store.sessions().list(options.freshness())), own));
  }

  private Snapshot one(SessionLookup found) {
    return Snapshot.exact(
        found.changed(), found.changed(), () -> writer.sessions(found.session().stream().toList()));
  }

  private Snapshot all(SessionListing found, boolean shown) {
    return Snapshot.exact(
        found.changed(),
        found.changed(),
        () -> writer.sessions(shown ? found.sessions() : List.of()));
  }

  private void read(Call call, ReadOptions options, Supplier<Snapshot> question)
      throws ConsulError {
    call.requireDatacenter(settings.datacenter());
    try {
      queries.answer(call, options, question, bell);
    } catch (StoreException failure) {
      call.answer(StoreFailures.response(failure).ofFailedRead());
    }
  }
}
