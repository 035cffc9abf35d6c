package io.kubekv.etcdv2;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PermissionDeniedException;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.HttpExchange;
import java.time.InstantSource;
import java.util.Optional;

/** GET without {@code wait}. Reads are linearizable whether or not {@code quorum} asks for it. */
final class Reads {
  private static final String BEGIN = "{\"action\":\"get\",\"node\":";

  /** What stands around a node, and room to spare. */
  private static final int AROUND = 128;

  private final Lookups lookups;
  private final Answers answers;
  private final Absence absence;
  private final InstantSource clock;

  Reads(Lookups lookups, Answers answers, InstantSource clock) {
    this.lookups = lookups;
    this.answers = answers;
    this.absence = new Absence(lookups);
    this.clock = clock;
  }

  /** The same on other lookups. */
  Reads on(Lookups others) {
    return new Reads(others, answers, clock);
  }

  void get(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Optional<Key> key = request.path().key();
    if (key.isEmpty() || request.recursive()) {
      directory(exchange, request); // all of it, whatever the key turns out to be
      return;
    }
    Lookup found = lookups.get(key.get());
    if (found.entry().isPresent() && !found.entry().get().isDirectory()) {
      file(exchange, found, found.entry().get());
    } else if (found.entry().isPresent()) {
      directory(exchange, request);
    } else {
      directoryOrMissing(exchange, request, key.get(), found);
    }
  }

  /** Who may see no more than the key itself is told that it is not there. */
  private void directoryOrMissing(HttpExchange exchange, KeysRequest request, Key key, Lookup found)
      throws EtcdError {
    try {
      on(lookups.own()).directory(exchange, request);
    } catch (PermissionDeniedException ofWhatIsBelow) {
      throw absence.explain(key, found.revision());
    }
  }

  private void file(HttpExchange exchange, Lookup found, Entry entry) {
    Json json = new Json(NodeWriter.size(entry) + AROUND).raw(BEGIN);
    new NodeWriter(json, clock).entry(entry);
    answers.success(exchange, 200, found.revision(), json.raw("}").line());
  }

  /** Shows one snapshot, which may differ from the lookup before: it alone decides. */
  private void directory(HttpExchange exchange, KeysRequest request) throws EtcdError {
    NodePath path = request.path();
    ListRequest wanted =
        request.recursive() ? ListRequest.of(path.tree()) : ListRequest.oneLevel(path.tree());
    Listing listing = lookups.list(wanted);
    Optional<Entry> own =
        path.key()
            .flatMap(
                key -> listing.entries().stream().findFirst().filter(e -> e.key().equals(key)));
    if (path.key().isPresent() && listing.entries().isEmpty() && listing.prefixes().isEmpty()) {
      throw absence.explain(path.key().get(), listing.revision());
    }
    Json json = new Json(listing.entries().stream().mapToInt(NodeWriter::size).sum() + 512);
    json.raw(BEGIN);
    NodeWriter nodes = new NodeWriter(json, clock);
    if (own.isPresent() && !own.get().isDirectory()) {
      nodes.entry(own.get());
    } else {
      begin(json, nodes, path, own);
      new TreeWriter(json, nodes, listing).children(path);
      nodes.end(own);
    }
    answers.success(exchange, 200, listing.revision(), json.raw("}").line());
  }

  private static void begin(Json json, NodeWriter nodes, NodePath path, Optional<Entry> own) {
    if (own.isPresent()) {
      nodes.begin(own.get());
    } else if (path.key().isPresent()) {
      json.raw("{\"key\":").string(path.shown()).raw(",\"dir\":true");
    } else {
      json.raw("{\"dir\":true");
    }
  }
}
