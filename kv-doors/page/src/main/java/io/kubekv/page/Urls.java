package io.kubekv.page;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Revision;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where the screens are. */
final class Urls {
  static final String HOME = PageDoor.PATH + "/";
  static final String ASSETS = PageDoor.PATH + "/assets/";

  private Urls() {}

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String of(String screen, String field, String value) {
    return HOME + screen + "?" + field + "=" + encoded(value);
  }

  static String level(Prefix prefix) {
    return prefix.text().isEmpty() ? HOME : of("", "prefix", prefix.text());
  }

  static String levelAfter(Prefix prefix, String after) {
    return of("", "prefix", prefix.text()) + "&after=" + encoded(after);
  }

  static String key(Key key) {
    return of("key", "key", key.text());
  }

  static String key(Key key, String form) {
    return key(key) + "&as=" + form;
  }

  static String value(Key key) {
    return of("value", "key", key.text());
  }

  static String diff(Key key, Revision of) {
    return of("diff", "key", key.text()) + "&revision=" + of;
  }

  static String edit(Key key) {
    return of("edit", "key", key.text());
  }

  static String restore(Key key, Revision of) {
    return of("restore", "key", key.text()) + "&version=" + of;
  }

  static String delete(Key key) {
    return of("delete", "key", key.text());
  }

  static String watch(Prefix prefix) {
    return of("watch", "prefix", prefix.text());
  }

  static String events(Prefix prefix, Revision since) {
    return of("events", "prefix", prefix.text()) + "&since=" + since;
  }

  static String export(Prefix prefix) {
    return of("export", "prefix", prefix.text());
  }

  static String deleted(Prefix prefix) {
    return of("deleted", "prefix", prefix.text());
  }
}
