package io.kubekv.e2e;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the replayed store's indexes stands for which recorded one: learned from the answers to
 * changes, used in later requests and comparisons.
 */
final class Indexes {
  private static final Pattern PREV_INDEX = Pattern.compile("(?<=[?&]prevIndex=)\\d+");
  private static final Pattern WAIT_INDEX = Pattern.compile("(?<=[?&]waitIndex=)\\d+");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Map<Long, Long> actual = new HashMap<>();
  private final Map<Long, Set<Long>> further = new HashMap<>();
  private long highest;

  /** A change recorded at one index took place at the other. */
  void learn(long recorded, long replayed) {
    actual.putIfAbsent(recorded, replayed);
    highest = Math.max(highest, replayed);
  }

  /** The entry that was recorded at one index may from now on also show another. */
  void learnFurther(long recorded, long replayed) {
    further.computeIfAbsent(recorded, r -> new HashSet<>()).add(replayed);
    highest = Math.max(highest, replayed);
  }

  /** Whether an answer may show the one index where the recording shows the other. */
  boolean match(long recorded, long replayed) {
    return actual.getOrDefault(recorded, -1L) == replayed
        || further.getOrDefault(recorded, Set.of()).contains(replayed);
  }

  OptionalLong of(long recorded) {
    Long found = actual.get(recorded);
    return found == null ? OptionalLong.empty() : OptionalLong.of(found);
  }

  /** The index of the latest change that has been answered. */
  long highest() {
    return highest;
  }

  /**
   * The request's target with the recorded indexes in its query replaced; 0 means "none" and stays.
   */
  String translate(String target) {
    String conditional =
        PREV_INDEX
            .matcher(target)
            .replaceAll(number -> Long.toString(known(Long.parseLong(number.group()))));
    // clients wait from the index of the last event they saw, plus one
    return WAIT_INDEX
        .matcher(conditional)
        .replaceAll(number -> waitFrom(Long.parseLong(number.group())));
  }

  private String waitFrom(long recorded) {
    return recorded == 0 ? "0" : Long.toString(known(recorded - 1) + 1);
  }

  private long known(long recorded) {
    return of(recorded)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no answer so far has shown the index that was recorded as " + recorded));
  }

  /** The cause of a refused comparison, {@code [43 != 47]}, with the recorded indexes replaced. */
  String translateCause(String cause) {
    if (!cause.startsWith("[")) {
      return cause;
    }
    Matcher numbers = NUMBER.matcher(cause);
    return numbers.replaceAll(
        number -> Long.toString(of(Long.parseLong(number.group())).orElse(-1)));
  }
}
