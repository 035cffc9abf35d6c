package io.kubekv.etcdv2;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.golang.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes a listing as nested nodes, each level ordered by key. A directory that has no entry but
 * keys below it is shown too, without indexes. Left out are names that begin with an underscore,
 * what lies below a value, and keys that no etcd path can name (empty elements).
 */
final class TreeWriter {
  private static final String HIDDEN = "_";

  private final Json json;
  private final NodeWriter nodes;
  private final List<Entry> entries;
  private final List<Prefix> cut;

  TreeWriter(Json json, NodeWriter nodes, Listing listing) {
    this.json = json;
    this.nodes = nodes;
    this.entries = listing.entries();
    this.cut = listing.prefixes();
  }

  /** A child of a directory, and which of the entries lie below it. */
  private record Child(Key key, Optional<Entry> entry, int from, int to) {}

  /** Writes {@code ,"nodes":[...]}, or nothing when there is none to show. */
  void children(NodePath directory) {
    List<Child> children = children(directory.below().text(), 0, entries.size());
    for (Prefix prefix : cut) {
      String path = prefix.text().substring(0, prefix.text().length() - 1);
      String name = path.substring(Math.min(path.length(), directory.below().text().length()));
      if (isShown(name) && !hasEntry(path, entries.size())) {
        children.add(new Child(Key.of(path), Optional.empty(), 0, 0));
      }
    }
    write(children);
  }

  private void write(List<Child> children) {
    if (children.isEmpty()) {
      return;
    }
    children.sort(Comparator.comparing(Child::key));
    String separator = ",\"nodes\":[";
    for (Child child : children) {
      json.raw(separator);
      separator = ",";
      write(child);
    }
    json.raw("]");
  }

  private void write(Child child) {
    if (child.entry().isPresent() && !child.entry().get().isDirectory()) {
      nodes.entry(child.entry().get());
      return;
    }
    if (child.entry().isPresent()) {
      nodes.begin(child.entry().get());
    } else {
      json.raw("{\"key\":").string(NodePath.shown(child.key())).raw(",\"dir\":true");
    }
    write(children(child.key().below().text(), child.from(), child.to()));
    nodes.end(child.entry());
  }

  /** The children of a directory among the entries from one to another, all below its parent. */
  private List<Child> children(String below, int from, int to) {
    List<Child> children = new ArrayList<>();
    int at = from;
    while (at < to) {
      Entry entry = entries.get(at);
      String key = entry.key().text();
      int slash = key.startsWith(below) ? key.indexOf('/', below.length()) : key.length();
      if (slash < 0) {
        addNamed(children, below, entry, at, to);
        at++;
      } else if (slash == key.length()) {
        at++;
      } else {
        at = addImplied(children, below, key.substring(0, slash), at, to);
      }
    }
    return children;
  }

  private void addNamed(List<Child> children, String below, Entry entry, int at, int to) {
    if (isShown(entry.key().text().substring(below.length()))) {
      String inside = entry.key().below().text();
      int first = entry.isDirectory() ? firstAtOrAfter(inside, at + 1, to) : at;
      int end = entry.isDirectory() ? endOf(inside, first, to) : at;
      children.add(new Child(entry.key(), Optional.of(entry), first, end));
    }
  }

  /** Adds the directory that an entry further down implies, unless it has an entry of its own. */
  private int addImplied(List<Child> children, String below, String path, int at, int to) {
    int end = endOf(path + "/", at, to);
    String name = path.substring(below.length());
    if (isShown(name) && !hasEntry(path, at)) {
      children.add(new Child(Key.of(path), Optional.empty(), at, end));
    }
    return end;
  }

  /** Whether one of the first entries is that of the path. */
  private boolean hasEntry(String path, int before) {
    int at = firstAtOrAfter(path, 0, before);
    return at < before && entries.get(at).key().text().equals(path);
  }

  private static boolean isShown(String name) {
    return !name.isEmpty() && !name.startsWith(HIDDEN);
  }

  private int endOf(String prefix, int from, int to) {
    int at = from;
    while (at < to && entries.get(at).key().text().startsWith(prefix)) {
      at++;
    }
    return at;
  }

  private int firstAtOrAfter(String text, int from, int to) {
    if (from >= to) {
      return to;
    }
    Key wanted = Key.of(text);
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).key().compareTo(wanted) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
