package io.kubekv.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Author;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random programs, and a plain model that finds the nodes of all keys anew after each step. */
class DirectoriesModelTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);

  private final Decider decider = new Decider(Limits.DEFAULT);

  /** What is counted, told by the nodes before and after a change. */
  private static final class Model {
    private final Map<String, Directories.Counters> counters = new TreeMap<>();
    private Set<String> nodes = new TreeSet<>();

    void changed(Set<Key> keys, Revision at) {
      Set<String> now = nodes(keys);
      for (String node : now) {
        if (!nodes.contains(node)) {
          counters.merge(
              directory(node),
              new Directories.Counters(1, at, 1),
              (before, one) ->
                  new Directories.Counters(before.creates() + 1, at, before.children() + 1));
        }
      }
      for (String node : nodes) {
        if (!now.contains(node)) {
          counters.computeIfPresent(
              directory(node),
              (directory, before) ->
                  new Directories.Counters(before.creates(), at, before.children() - 1));
        }
      }
      nodes = now;
      counters.keySet().removeIf(directory -> !isThere(directory));
    }

    private boolean isThere(String directory) {
      return switch (directory) {
        case "" -> true;
        case "/" -> nodes.stream().anyMatch(node -> directory(node).equals("/"));
        default -> nodes.contains(directory.substring(0, directory.length() - 1));
      };
    }

    private static Set<String> nodes(Set<Key> keys) {
      Set<String> all = new TreeSet<>();
      for (Key key : keys) {
        String node = key.text();
        while (!node.isEmpty()) {
          all.add(node);
          String directory = directory(node);
          node = directory.isEmpty() ? "" : directory.substring(0, directory.length() - 1);
        }
      }
      return all;
    }

    private static String directory(String node) {
      return node.substring(0, node.lastIndexOf('/') + 1);
    }
  }

  @Property(tries = 300)
  void counters_afterAnyChanges_areThoseOfTheModel(@ForAll("programs") List<Request<?>> program) {
    State state = decided(new Request.Found(1), State.EMPTY);
    Model model = new Model();
    for (Request<?> request : program) {
      state = decided(request, state);
      model.changed(state.contents().entries().keySet(), state.revision());
      assertThat(state.directories().counters()).as("%s", request).isEqualTo(model.counters);
    }
    long bytes = state.directories().bytes();
    Directories anew = Directories.kept(new TreeMap<>(state.directories().counters()));
    assertThat(anew.bytes()).isEqualTo(bytes);
    assertThat(anew.digest()).isEqualTo(state.directories().digest());
  }

  /** A store that began before there were counts. */
  @Property(tries = 300)
  void counters_thatBegin_haveWhatIsThere(@ForAll("programs") List<Request<?>> program) {
    State state =
        State.EMPTY.with(new Change.Founded(5), new Revision(1), Author.NONE, event -> {});
    for (Request<?> request : program) {
      state = decided(request, state);
    }
    Model model = new Model();
    model.changed(state.contents().entries().keySet(), Revision.ZERO);

    Map<String, Directories.Counters> begun =
        decided(new Request.SwitchOn(EnumSet.allOf(Feature.class)), state).directories().counters();

    assertThat(begun.keySet()).isEqualTo(model.counters.keySet());
    begun.forEach(
        (directory, counted) -> {
          Directories.Counters wanted =
              model.counters.getOrDefault(directory, Directories.Counters.NONE);
          assertThat(counted.children()).isEqualTo(wanted.children());
          assertThat(counted.creates()).isEqualTo(wanted.children());
        });
  }

  private State decided(Request<?> request, State state) {
    return decider.decide(request, state, NOW).after();
  }

  @Provide
  Arbitrary<List<Request<?>>> programs() {
    Arbitrary<Request<?>> requests =
        Arbitraries.frequencyOf(
            Tuple.of(6, keys().map(key -> put(key, Layout.FLAT))),
            Tuple.of(2, keys().map(key -> put(key, Layout.TREE))),
            Tuple.of(3, keys().map(key -> put(key, Layout.NODES))),
            Tuple.of(6, keys().map(key -> new Request.Delete(DeleteRequest.of(key)))),
            Tuple.of(2, keys().map(key -> new Request.Delete(DeleteRequest.of(key).asNode()))),
            Tuple.of(1, keys().map(key -> new Request.DeleteRange(new Range.Tree(key)))),
            Tuple.of(
                1, keys().map(key -> new Request.DeleteRange(new Range.WithPrefix(key.below())))));
    return requests.list().ofMinSize(1).ofMaxSize(40);
  }

  private static Request<?> put(Key key, Layout layout) {
    return new Request.Put(PutRequest.of(key, Bytes.EMPTY).withLayout(layout));
  }

  /** Few, so that they meet; those that are no paths among them. */
  private static Arbitrary<Key> keys() {
    return Arbitraries.of("a", "b", "")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(names -> String.join("/", names))
        .filter(text -> !text.isEmpty())
        .map(Key::of);
  }
}
