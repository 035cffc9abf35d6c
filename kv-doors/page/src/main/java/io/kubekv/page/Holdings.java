package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What sessions hold, and what ends with them, below a prefix. Nobody keeps a list of that, so all
 * keys are looked at, up to a bound.
 *
 * @param held the keys that sessions hold, in order
 * @param attached those that end with sessions, by what they begin with up to the last slash
 * @param cut whether there is more
 */
record Holdings(List<Entry> held, Map<String, List<Entry>> attached, boolean cut) {
  /** Keys that are looked at. */
  static final int LOOKED_AT = 200_000;

  /** Keys of each kind that are shown. */
  static final int SHOWN = 500;

  private static final int CHUNK = 1000;

  static Holdings read(KeyValueStore store, Prefix prefix) {
    Revision now = Await.read(store.revision(Freshness.LINEARIZABLE));
    Freshness freshness = new Freshness.AtLeast(now);
    Holdings found = new Holdings(new ArrayList<>(), new TreeMap<>(), false);
    Optional<Range> next = Optional.of(new Range.WithPrefix(prefix));
    int seen = 0;
    int attached = 0;
    while (next.isPresent()) {
      Listing chunk =
          Await.read(store.list(ListRequest.of(next.get()).withLimit(CHUNK), freshness));
      for (Entry entry : chunk.entries()) {
        if (entry.lock().holder().isPresent()) {
          found.held().add(entry);
        }
        if (entry.attachedTo().isPresent()) {
          found.attached().computeIfAbsent(level(entry), any -> new ArrayList<>()).add(entry);
          attached++;
        }
      }
      seen += chunk.entries().size();
      if (seen >= LOOKED_AT || found.held().size() >= SHOWN || attached >= SHOWN) {
        return new Holdings(found.held(), found.attached(), chunk.more());
      }
      next = chunk.more() ? Optional.of(behind(chunk, prefix)) : Optional.empty();
    }
    return found;
  }

  private static Range behind(Listing chunk, Prefix prefix) {
    Key last = chunk.entries().getLast().key();
    return new Range.Between(new Key(last.text() + Levels.FIRST), prefix.behind());
  }

  private static String level(Entry entry) {
    String text = entry.key().text();
    return text.substring(0, text.lastIndexOf('/') + 1);
  }
}
