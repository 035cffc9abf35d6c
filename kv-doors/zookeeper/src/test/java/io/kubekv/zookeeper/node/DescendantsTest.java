package io.kubekv.zookeeper.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.zookeeper.wire.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** How many nodes are below one. */
class DescendantsTest {
  private static long count(String node, Stream<String> paths) {
    Descendants descendants = new Descendants(node);
    paths.forEach(descendants::add);
    return descendants.count();
  }

  @Test
  void nodesWithKeysAndImpliedOnes_areCountedOnce() {
    assertThat(count("/", Stream.of("/", "/a", "/a-b", "/a/b/c", "/a/b/d", "/ab/c"))).isEqualTo(7);
    assertThat(count("/a", Stream.of("/a/b/c", "/a/b/c/d/e", "/a/bc"))).isEqualTo(5);
  }

  /** The characters are those before and behind the slash, and the slash. */
  @Property
  void count_isThatOfAllPathsAbove(
      @ForAll @Size(max = 30)
          Set<@CharRange(from = '.', to = '1') @StringLength(min = 1, max = 9) String> names) {
    List<String> paths =
        names.stream().map(name -> "/n/" + name).filter(Path::isValid).sorted().toList();
    Set<String> all = new HashSet<>();
    for (String path : paths) {
      for (String at = path; !at.equals("/n"); at = Path.parent(at)) {
        all.add(at);
      }
    }

    assertThat(count("/n", paths.stream())).isEqualTo(all.size());
    Set<String> wholly =
        Stream.concat(all.stream(), paths.isEmpty() ? Stream.of() : Stream.of("/n"))
            .collect(Collectors.toSet());
    assertThat(count("/", paths.stream())).isEqualTo(wholly.size());
  }
}
