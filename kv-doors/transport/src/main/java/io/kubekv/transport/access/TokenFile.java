package io.kubekv.transport.access;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens in a file, a line each: {@code token,user,uid,"group1,group2"} (kube-apiserver's {@code
 * --token-auth-file}). The user id is not used, and the groups may be missing. A line that begins
 * with {@code #} is a comment. Thread-safe.
 */
public final class TokenFile implements TokenAuthenticator {
  private static final Pattern LINE =
      Pattern.compile("([^,\"]+),([^,\"]+),([^,\"]*)(?:,(?:\"([^\"]*)\"|([^,\"]*)))?");

  private final WatchedFile<List<Entry>> file;

  private record Entry(byte[] token, User user) {}

  private TokenFile(Path file) {
    this.file = new WatchedFile<>(file, TokenFile::parse, System::nanoTime);
  }

  /**
   * Reads a file, and looks at it from time to time from now on.
   *
   * @throws IllegalArgumentException naming the file and the line that cannot be used
   */
  public static TokenFile open(Path file) {
    return new TokenFile(file);
  }

  private static List<Entry> parse(String text) {
    List<Entry> entries = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (!line.isEmpty() && !line.startsWith("#")) {
        entries.add(entry(line, number));
      }
    }
    return entries;
  }

  private static Entry entry(String line, int number) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "line " + number + " is not token,user,uid,\"group1,group2\"");
    }
    Optional<String> groups =
        Optional.ofNullable(parts.group(4)).or(() -> Optional.ofNullable(parts.group(5)));
    List<String> names =
        groups.stream()
            .flatMap(all -> Pattern.compile(",").splitAsStream(all))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    return new Entry(bytes(parts.group(1).strip()), new User(parts.group(2).strip(), names));
  }

  private static byte[] bytes(String token) {
    return token.getBytes(StandardCharsets.UTF_8);
  }

  /** Takes as long for a token that is nearly right as for one that is not. */
  @Override
  public Optional<User> user(String token) {
    byte[] shown = bytes(token);
    Optional<User> found = Optional.empty();
    for (Entry entry : file.content()) {
      if (MessageDigest.isEqual(entry.token(), shown)) {
        found = Optional.of(entry.user());
      }
    }
    return found;
  }
}
