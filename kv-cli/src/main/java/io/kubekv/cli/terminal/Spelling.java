package io.kubekv.cli.terminal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant who wrote a word that is none. */
public final class Spelling {
  private Spelling() {}

  /**
   * The nearest of the words that are some; empty when none is near: a third of its letters may be
   * wrong, missing, too many or in another order.
   */
  public static Optional<String> nearest(String word, Collection<String> words) {
    return words.stream()
        .filter(known -> distance(word, known) <= Math.max(1, known.length() / 3))
        .min(
            Comparator.comparingInt((String known) -> distance(word, known))
                .thenComparing(known -> !known.startsWith(word))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Damerau's and Levenshtein's: letters changed, left out, put in, or swapped with the next. */
  private static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int changed = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        steps[i][j] = Math.min(changed, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          steps[i][j] = Math.min(steps[i][j], 1 + steps[i - 2][j - 2]);
        }
      }
    }
    return steps[a.length()][b.length()];
  }
}
