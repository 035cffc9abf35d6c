package io.kubekv.zookeeper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Key;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.zookeeper.common.PathUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths are nodes, and which keys they are. */
class PathTest {
  @Property(tries = 2000)
  void path_isTakenWhereZooKeeperTakesIt(
      @ForAll @StringLength(max = 8) @CharRange(from = '.', to = '0') String some) {
    assertThat(Path.isValid("/" + some)).isEqualTo(taken("/" + some));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/\u0001", "/\u001f", "/ ", "/\u007f", "/\u009f", "/\u00a0", "/\ufff0", "/\uf8ff",
        "/\ue000", "", "a", "/", "//", "/a/"
      })
  void path_ofOddCharacters_isTakenWhereZooKeeperTakesIt(String path) {
    assertThat(Path.isValid(path)).isEqualTo(taken(path));
  }

  private static boolean taken(String path) {
    try {
      PathUtils.validatePath(path);
      return true;
    } catch (IllegalArgumentException no) {
      return false;
    }
  }

  @Test
  void path_isKey_andBack() {
    assertThat(Path.key("/a/b").text()).isEqualTo("a/b");
    assertThat(Path.of(Key.of("a/b"))).contains("/a/b");
    assertThat(Path.of(Path.key("/"))).contains("/");
    assertThat(Path.of(Key.of("a//b"))).isEmpty();
    assertThat(Path.of(Key.of("a/../b"))).isEmpty();
    assertThat(Path.parent("/a")).isEqualTo("/");
    assertThat(Path.child("/", "a")).isEqualTo("/a");
  }
}
