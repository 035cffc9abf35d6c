package io.kubekv.server;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys that there may be, and values each of which tells whose it is. */
final class AuthorizationWorld {
  static final List<String> USERS = List.of("ann", "bob", "cyd");
  private static final Pattern MARK = Pattern.compile("mark(\\d+)!");
  private static final List<String> WORDS = List.of("a", "b", "ab");

  private final Random random;
  private final List<Key> keys = new ArrayList<>();
  private final Map<Integer, Key> owners = new ConcurrentHashMap<>();

  AuthorizationWorld(Random random) {
    this.random = random;
    for (String one : WORDS) {
      for (String two : WORDS) {
        keys.add(Key.of(one + "/" + two));
        for (String three : WORDS) {
          keys.add(Key.of(one + "/" + two + "/" + three));
        }
      }
    }
  }

  List<Key> keys() {
    return keys;
  }

  /** Where clients put values. */
  Key leaf() {
    Key key = any();
    return key.depth() == 3 ? key : Key.of(key.text() + "/" + WORDS.get(random.nextInt(3)));
  }

  Key any() {
    return keys.get(random.nextInt(keys.size()));
  }

  /** A new value of a key, which no other value resembles. */
  String value(Key key) {
    int number = owners.size();
    owners.put(number, key);
    return "mark" + number + "!";
  }

  PutRequest put(Key key) {
    return PutRequest.of(key, Bytes.utf8(value(key)));
  }

  /** The keys of whose values, present or past, something stands in a text. */
  List<Key> told(String text) {
    List<Key> told = new ArrayList<>();
    Matcher marks = MARK.matcher(text);
    while (marks.find()) {
      Key owner = owners.get(Integer.parseInt(marks.group(1)));
      if (owner != null) {
        told.add(owner);
      }
    }
    return told;
  }
}
