package io.kubekv.cli.keys;

import io.kubekv.Bytes;
import io.kubekv.Comparison;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.cli.terminal.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction as people write it, which is the form of {@code etcdctl txn}: comparisons, then
 * what is done when all hold, then what is done otherwise.
 *
 * <pre>
 * mod("leader") = 7
 *
 * put leader "me and nobody else"
 *
 * get leader
 * </pre>
 *
 * <p>An empty line ends a part. Where one part has a line {@code if:}, {@code then:} or {@code
 * else:} above it, all have, and empty lines mean nothing. A line that begins with # is a comment.
 *
 * @param comparisons all of them are to hold; none: they do
 * @param then what is done when they hold
 * @param otherwise what is done when one does not
 */
record TransactionScript(
    List<Comparison> comparisons,
    List<TransactionOperation> then,
    List<TransactionOperation> otherwise) {
  // what stands in quotes may be long: possessive, it is read in a loop, and takes no depth
  private static final Pattern COMPARISON =
      Pattern.compile(
          "(\\w+)\\s*\\(\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*'|[^\\s()\"']+)\\s*\\)"
              + "\\s*(!?=|<|>)\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*'|\\S+)");
  private static final Pattern WORD =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"|'([^']*)'|([^\\s\"']+)");
  private static final List<String> HEADS = List.of("if:", "then:", "else:");

  /** Reads one; {@link IllegalArgumentException} naming the line that is none. */
  static TransactionScript parse(String text) {
    TransactionScript script =
        new TransactionScript(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<String> lines = text.lines().map(String::strip).toList();
    boolean headed = lines.stream().anyMatch(HEADS::contains);
    int part = headed ? -1 : 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("#") || (headed && line.isEmpty())) {
        continue;
      }
      if (headed && HEADS.contains(line)) {
        part = HEADS.indexOf(line);
      } else if (line.isEmpty()) {
        part++;
      } else {
        script.add(part, line, i + 1);
      }
    }
    return script;
  }

  private void add(int part, String line, int number) {
    try {
      switch (part) {
        case 0 -> comparisons.add(comparison(line));
        case 1 -> then.add(operation(line));
        case 2 -> otherwise.add(operation(line));
        default ->
            throw new IllegalArgumentException(
                "'" + line + "' is in no part: comparisons, then, otherwise are the three");
      }
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("line " + number + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Comparison comparison(String line) {
    Matcher matcher = COMPARISON.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + line + "' is no comparison, as mod(\"KEY\") = 7 or value(\"KEY\") = \"TEXT\"");
    }
    String with = unquoted(matcher.group(4));
    Comparison.Subject subject =
        switch (matcher.group(1)) {
          case "value", "val" -> new Comparison.Value(Bytes.utf8(with));
          case "version", "ver" -> new Comparison.Version(Conditions.revision(with).value());
          case "create" -> new Comparison.CreateRevision(revision(with));
          case "mod" -> new Comparison.ModifyRevision(revision(with));
          default ->
              throw new IllegalArgumentException(
                  "'" + matcher.group(1) + "' is none of value, version, create and mod");
        };
    Comparison.Relation relation =
        switch (matcher.group(3)) {
          case "=" -> Comparison.Relation.EQUAL;
          case "!=" -> Comparison.Relation.NOT_EQUAL;
          case "<" -> Comparison.Relation.LESS;
          default -> Comparison.Relation.GREATER;
        };
    return Comparison.of(Key.of(unquoted(matcher.group(2))), subject, relation);
  }

  private static Revision revision(String text) {
    return Conditions.revision(text);
  }

  private static TransactionOperation operation(String line) {
    List<String> words = words(line);
    boolean many = words.remove("--prefix");
    String verb = words.removeFirst();
    return switch (verb) {
      case "put" -> put(line, words, many);
      case "get" -> new TransactionOperation.ListRange(ListRequest.of(range(line, words, many)));
      case "delete", "del" -> new TransactionOperation.DeleteRange(range(line, words, many));
      default ->
          throw new IllegalArgumentException("'" + verb + "' is none of put, get and delete");
    };
  }

  private static TransactionOperation put(String line, List<String> words, boolean many) {
    int ttl = words.indexOf("--ttl");
    boolean ends = ttl >= 0 && words.size() > ttl + 1;
    if (many || words.size() != (ends ? 4 : 2) || (ttl >= 0 && !ends)) {
      throw new IllegalArgumentException("'" + line + "' is not put KEY VALUE [--ttl DURATION]");
    }
    String time = ends ? words.remove(ttl + 1) : "";
    if (ends) {
      words.remove(ttl);
    }
    PutRequest request = PutRequest.of(Key.of(words.get(0)), Bytes.utf8(words.get(1)));
    return new TransactionOperation.Put(
        ends ? request.withTimeToLive(Durations.parsePositive(time)) : request);
  }

  private static Range range(String line, List<String> words, boolean many) {
    if (words.size() != 1) {
      throw new IllegalArgumentException("'" + line + "' has not one KEY");
    }
    return many
        ? new Range.WithPrefix(new Prefix(words.getFirst()))
        : new Range.Exact(Key.of(words.getFirst()));
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    int end = 0;
    while (word.find()) {
      requireBlank(line, end, word.start());
      words.add(unquoted(word.group()));
      end = word.end();
    }
    requireBlank(line, end, line.length());
    return words;
  }

  private static void requireBlank(String line, int from, int to) {
    if (!line.substring(from, to).isBlank()) {
      throw new IllegalArgumentException("a quote in '" + line + "' has no end");
    }
  }

  private static String unquoted(String word) {
    if (word.startsWith("\"")) {
      return word.substring(1, word.length() - 1).translateEscapes();
    }
    return word.startsWith("'") ? word.substring(1, word.length() - 1) : word;
  }
}
