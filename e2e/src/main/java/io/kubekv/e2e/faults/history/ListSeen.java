package io.kubekv.e2e.faults.history;

import java.util.List;

/**
 * The answer to a list of all keys below a prefix.
 *
 * @param prefix what the listed keys begin with
 * @param revision at which the list says that it stands
 */
public record ListSeen(Call call, String prefix, long revision, List<Item> items) implements Line {
  /** One listed key. */
  public record Item(String key, String value, long revision) {}

  public ListSeen {
    items = List.copyOf(items);
  }

  /** What the list tells of a key that begins with its prefix. */
  public Sight sight(String key) {
    return items.stream()
        .filter(item -> item.key().equals(key))
        .findFirst()
        .map(item -> Sight.of(item.value(), item.revision()))
        .orElse(Sight.ABSENT);
  }
}
