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
    send(listing, messages::add);
    return messages;
  }

  /**
   * The same messages, each made when the one before has been taken.
   *
   * @return whether all were taken
   */
  public static <E extends Exception> boolean send(
      Listing listing, MessageSink<Kv.ListResponse, E> sink) throws E {
    for (List<Entry> part : Parts.of(listing.entries())) {
      Kv.ListResponse.Builder message = part(listing);
      part.forEach(entry -> message.addEntries(Values.toWire(entry)));
      if (!sink.send(message.build())) {
        return false;
      }
    }
    List<String> prefixes = listing.prefixes().stream().map(Prefix::text).toList();
    if (prefixes.isEmpty()) {
      return true;
    }
    for (List<String> part : Parts.ofTexts(prefixes)) {
      if (!sink.send(part(listing).addAllPrefixes(part).build())) {
        return false;
      }
    }
    return true;
  }

  private static Kv.ListResponse.Builder part(Listing listing) {
    return Kv.ListResponse.newBuilder()
        .setRevision(listing.revision().value())
        .setMore(listing.more())
        .setCount(listing.count());
  }

  /** The listing of all messages of an answer. */
  public static Listing toPort(List<Kv.ListResponse> messages) {
    List<Entry> entries = new ArrayList<>();
    List<Prefix> prefixes = new ArrayList<>();
    Revision revision = Revision.ZERO;
    boolean more = false;
    long count = 0;
    for (Kv.ListResponse part : messages) {
      part.getEntriesList().forEach(entry -> entries.add(Values.toPort(entry)));
      part.getPrefixesList().forEach(prefix -> prefixes.add(new Prefix(prefix)));
      revision = new Revision(part.getRevision());
      more = part.getMore();
      count = part.getCount();
    }
    // a server that does not count says zero
    long known = Math.max(count, (long) entries.size() + prefixes.size());
    return new Listing(entries, prefixes, revision, more, known);
  }
}
