package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathsTest {
  private final Paths paths = new Paths("kv");
  private final List<String> asked = new ArrayList<>();

  private boolean no(String path) {
    asked.add(path);
    return false;
  }

  @Test
  void key_isCoveredByItsDirectoriesAndItself_theWidestFirst() {
    assertThat(paths.anyCovering(Key.of("a/b/c"), this::no)).isFalse();

    assertThat(asked).containsExactly("/kv/kv/*", "/kv/kv/a/*", "/kv/kv/a/b/*", "/kv/kv/a/b/c");
  }

  @Test
  void prefix_isCoveredByPathsWithAStarAlone() {
    paths.anyCovering(new Prefix("a/bc"), this::no);

    assertThat(asked).containsExactly("/kv/kv/*", "/kv/kv/a/*", "/kv/kv/a/bc*");
  }

  @Test
  void prefix_thatEndsInASlash_isAskedForOnce() {
    paths.anyCovering(new Prefix("a/b/"), this::no);

    assertThat(asked).containsExactly("/kv/kv/*", "/kv/kv/a/*", "/kv/kv/a/b/*");
  }

  @Test
  void everything_isTheStarOfTheStore() {
    paths.anyCovering(Prefix.ALL, this::no);

    assertThat(asked).containsExactly("/kv/kv/*");
  }

  @Test
  void keysBetweenTwo_areShownByBothEnds() {
    Optional<Key> end = Optional.of(Key.of("c"));

    assertThat(paths.of(new Range.Between(Key.of("a/b"), end))).isEqualTo("/kv/kv/[a/b,c)");
    assertThat(paths.of(new Range.Between(Key.of("a"), Optional.empty()))).isEqualTo("/kv/kv/[a,)");
    assertThat(paths.of(new Range.Tree(Key.of("a")))).isEqualTo("/kv/kv/a/*");
  }

  @Test
  void firstThatAllows_endsTheQuestions() {
    assertThat(paths.anyCovering(Key.of("a/b"), path -> path.equals("/kv/kv/*") || no(path)))
        .isTrue();

    assertThat(asked).isEmpty();
  }
}
