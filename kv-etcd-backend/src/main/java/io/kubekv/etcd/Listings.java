package io.kubekv.etcd;

import io.kubekv.Entry;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a list request makes of the entries of its range. */
final class Listings {
  private Listings() {}

  /**
   * @param entries all of the range, ordered by key
   */
  static Listing cut(ListRequest request, List<Entry> entries, Revision at) {
    Optional<Prefix> below = request.range().below();
    if (request.delimiter().isEmpty() || below.isEmpty()) {
      return new Listing(entries, List.of(), at);
    }
    String delimiter = request.delimiter().get();
    List<Entry> whole = new ArrayList<>();
    Set<Prefix> cut = new LinkedHashSet<>();
    for (Entry entry : entries) {
      String key = entry.key().text();
      boolean isSelf = !below.get().matches(entry.key());
      int end = isSelf ? -1 : key.indexOf(delimiter, below.get().text().length());
      if (end < 0) {
        whole.add(entry);
      } else {
        cut.add(new Prefix(key.substring(0, end + delimiter.length())));
      }
    }
    return new Listing(whole, List.copyOf(cut), at);
  }
}
