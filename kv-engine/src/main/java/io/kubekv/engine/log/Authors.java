package io.kubekv.engine.log;

import io.kubekv.Author;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who made the commits of an entry. They are few, and so written once: a table stands beside the
 * commits, which name their author by its place in it, from 1; 0 is nobody.
 */
final class Authors {
  /** How many are known at most; then all are forgotten, and the next are known anew. */
  private static final int MOST_KNOWN = 1_024;

  /** Equal ones are one object in the history, which holds as many events as there is room for. */
  private static final Map<Author, Author> KNOWN = new ConcurrentHashMap<>();

  private Authors() {}

  /** The table of an entry that is written. */
  static final class Written {
    private final Map<Author, Integer> numbers = new LinkedHashMap<>();

    /** The number of an author, which gets a place in the table. */
    int number(Author author) {
      return author.isNone() ? 0 : numbers.computeIfAbsent(author, none -> numbers.size() + 1);
    }

    List<io.kubekv.log.v1.Author> table() {
      return numbers.keySet().stream().map(Authors::encode).toList();
    }
  }

  /** The table of an entry that is read. */
  static final class Read {
    private final List<Author> table;

    Read(List<io.kubekv.log.v1.Author> written) {
      this.table = new ArrayList<>(written.size());
      written.forEach(author -> table.add(known(decode(author))));
    }

    /** Of a number that is not in the table nobody is the author: no state depends on it. */
    Author of(int number) {
      return number > 0 && number <= table.size() ? table.get(number - 1) : Author.NONE;
    }
  }

  private static Author known(Author author) {
    Author before = KNOWN.get(author);
    if (before != null) {
      return before;
    }
    if (KNOWN.size() >= MOST_KNOWN) {
      KNOWN.clear();
    }
    Author meanwhile = KNOWN.putIfAbsent(author, author);
    return meanwhile == null ? author : meanwhile;
  }

  private static io.kubekv.log.v1.Author encode(Author author) {
    return io.kubekv.log.v1.Author.newBuilder()
        .setDoor(author.door())
        .setUser(author.user())
        .build();
  }

  private static Author decode(io.kubekv.log.v1.Author message) {
    return new Author(message.getDoor(), message.getUser());
  }
}
