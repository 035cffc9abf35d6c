package io.kubekv.wire;

import io.kubekv.Entry;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import io.kubekv.v1.Kv;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of ranges, as messages that are each small enough. */
public final class Listings {
  private Listings() {}

  /** The listing in one or more messages, to be appended. */
  public static List<Kv.ListResponse> toWire(Listing listing) {
    List<Kv.ListResponse> messages = new ArrayList<>();
    for (List<Entry> part : Parts.of(listing.entries())) {
      messages.add(
          Kv.ListResponse.newBuilder()
              .addAllEntries(part.stream().map(Values::toWire).toList())
              .setRevision(listing.revision().value())
              .build());
    }
    List<String> prefixes = listing.prefixes().stream().map(Prefix::text).toList();
    if (!prefixes.isEmpty()) {
      for (List<String> part : Parts.ofTexts(prefixes)) {
        messages.add(
            Kv.ListResponse.newBuilder()
                .addAllPrefixes(part)
                .setRevision(listing.revision().value())
                .build());
      }
    }
    return messages;
  }

  /** The listing of all messages of an answer. */
  public static Listing toPort(List<Kv.ListResponse> messages) {
    List<Entry> entries = new ArrayList<>();
    List<Prefix> prefixes = new ArrayList<>();
    Revision revision = Revision.ZERO;
    for (Kv.ListResponse part : messages) {
      part.getEntriesList().forEach(entry -> entries.add(Values.toPort(entry)));
      part.getPrefixesList().forEach(prefix -> prefixes.add(new Prefix(prefix)));
      revision = new Revision(part.getRevision());
    }
    return new Listing(entries, prefixes, revision);
  }
}
