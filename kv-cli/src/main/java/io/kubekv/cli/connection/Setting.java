package io.kubekv.cli.connection;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be said about the way to a server: as an option, a variable, a line of a context. */
enum Setting {
  SERVER,
  TIMEOUT,
  TLS,
  CACERT,
  CERT,
  KEY,
  SERVER_NAME,
  TOKEN_FILE;

  /** In a context. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String option() {
    return "--" + word();
  }

  String variable() {
    return "KUBEKV_" + name();
  }

  boolean isFile() {
    return switch (this) {
      case CACERT, CERT, KEY, TOKEN_FILE -> true;
      case SERVER, TIMEOUT, TLS, SERVER_NAME -> false;
    };
  }

  static Optional<Setting> ofWord(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Setting::word).toList();
  }
}
