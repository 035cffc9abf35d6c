package io.kubekv.consul;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.transport.watch.Watches;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * GET on keys. A live key's index is that of its last change (clients compare and swap with it);
 * the index of a list, or of a key that is not there, is that of the state that was read.
 */
final class KvReads {
  /** The longest value that is rendered, and compressed, while all other clients wait. */
  private static final int SHORT_BYTES = 16 << 10;

  private final KeyValueStore store;
  private final Watches watches;
  private final BlockingQueries queries;
  private final ConsulSettings settings;

  KvReads(KeyValueStore store, Watches watches, BlockingQueries queries, ConsulSettings settings) {
    this.store = store;
    this.watches = watches;
    this.queries = queries;
    this.settings = settings;
  }

  void get(Call call, ReadOptions options) throws ConsulError {
    Query query = call.query();
    Freshness freshness = options.freshness();
    if (query.has("keys")) {
      Range range = range(call);
      ListRequest request = new ListRequest(range, separator(query));
      boolean all = call.below().isEmpty();
      answer(call, options, range, () -> names(Await.read(store.list(request, freshness)), all));
    } else if (query.has("recurse")) {
      Range range = range(call);
      ListRequest request = ListRequest.of(range);
      answer(call, options, range, () -> entries(Await.read(store.list(request, freshness))));
    } else {
      Key key = KvHandler.key(call);
      boolean raw = query.has("raw");
      answer(
          call,
          options,
          new Range.Exact(key),
          () -> entry(Await.read(store.get(key, freshness)), raw));
    }
  }

  /**
   * Takes a read of one key, on an event loop: it is answered there, now or when the store has
   * answered. What turns out to be long is given to a thread.
   *
   * @return whether it was taken; otherwise nothing has been done
   */
  boolean getOnLoop(Call call) throws ConsulError {
    Query query = call.query();
    if (query.has("keys") || query.has("recurse") || query.has("stale")) {
      return false;
    }
    if (ReadOptions.of(query).waits()) {
      return false;
    }
    call.requireDatacenter(settings.datacenter());
    CompletableFuture<Lookup> coming = store.get(KvHandler.key(call), Freshness.LINEARIZABLE);
    if (coming.isDone()) {
      return answered(call, coming);
    }
    var unused =
        coming.whenCompleteAsync(
            (found, failure) -> {
              if (!answered(call, coming)) {
                call.giveToThread();
              }
            },
            call.loop());
    return true;
  }

  /** Answers with what has come, if that is short. */
  private static boolean answered(Call call, CompletableFuture<Lookup> come) {
    try {
      Lookup found = Await.read(come);
      if (isShort(found)) {
        Snapshot now = entry(found, call.query().has("raw"));
        call.answer(now.response().get().at(now.index()));
      }
      return isShort(found);
    } catch (StoreException failure) {
      call.answer(StoreFailures.response(failure));
    } catch (RuntimeException unexpected) {
      call.fail(unexpected);
    } catch (Error mistake) {
      call.fail(mistake);
      throw mistake;
    }
    return true;
  }

  private static boolean isShort(Lookup found) {
    return found.entry().map(entry -> entry.value().size() <= SHORT_BYTES).orElse(true);
  }

  private void answer(Call call, ReadOptions options, Range range, Supplier<Snapshot> question)
      throws ConsulError {
    call.requireDatacenter(settings.datacenter());
    queries.answer(call, options, question, new KeyBell(watches, range));
  }

  private static Range range(Call call) throws ConsulError {
    return new Range.WithPrefix(new Prefix(call.below()));
  }

  private static Optional<String> separator(Query query) {
    String text = query.text(query.has("separator") ? "separator" : "seperator");
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Snapshot entry(Lookup found, boolean raw) {
    if (found.entry().isEmpty()) {
      return Snapshot.upTo(found.revision(), 0, () -> Response.empty(404));
    }
    Entry entry = found.entry().get();
    return Snapshot.exact(
        entry.modifyRevision(),
        found.revision(),
        () -> raw ? Response.raw(entry.value().toArray()) : EntryWriter.entries(List.of(entry)));
  }

  private static Snapshot entries(Listing listing) {
    return Snapshot.upTo(
        listing.revision(),
        content(listing.entries()),
        () ->
            listing.entries().isEmpty()
                ? Response.empty(404)
                : EntryWriter.entries(listing.entries()));
  }

  /** A put has the highest revision, and a delete leaves fewer entries. */
  private static int content(List<Entry> entries) {
    Revision newest =
        entries.stream()
            .map(Entry::modifyRevision)
            .max(Comparator.naturalOrder())
            .orElse(Revision.ZERO);
    return 31 * newest.hashCode() + entries.size();
  }

  /** Nothing below the empty prefix is an empty list; below any other, a miss. */
  private static Snapshot names(Listing listing, boolean all) {
    List<String> names =
        Stream.concat(
                listing.entries().stream().map(Entry::key),
                listing.prefixes().stream().map(prefix -> Key.of(prefix.text())))
            .sorted()
            .map(Key::text)
            .toList();
    return Snapshot.upTo(
        listing.revision(),
        names.hashCode(),
        () -> names.isEmpty() && !all ? Response.empty(404) : EntryWriter.names(names));
  }
}
