package io.kubekv.contract;

import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.Range;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * A store and a trivial model go through the same random operations and must agree at every step,
 * and the store's watch must tell the same story. A store's own test extends this; its name ends in
 * Test, and its module sets {@code jqwik.tries.default} to what it can afford.
 */
public abstract class StoreModelProperties {
  private static final List<String> KEYS =
      List.of("a", "b", "a/b", "a/b/c", "a/c", "ab", "a!", "b/x/y", "\u00e9/z");

  /** An empty store as {@code spec} wants it. */
  protected abstract StoreHarness open(StoreSpec spec);

  @Property
  void store_afterAnyOperations_agreesWithTheModel(@ForAll("sequences") List<Operation> operations)
      throws InterruptedException {
    try (StoreHarness harness = open(StoreSpec.DEFAULT);
        ModelRun run = new ModelRun(harness)) {
      for (Operation operation : operations) {
        run.step(operation);
      }
      run.checkWatch();
    }
  }

  @Provide
  Arbitrary<List<Operation>> sequences() {
    return operations().list().ofMinSize(1).ofMaxSize(40);
  }

  private static Arbitrary<Operation> operations() {
    return Arbitraries.frequencyOf(
        Tuple.of(10, puts()),
        Tuple.of(3, directories()),
        Tuple.of(5, deletes()),
        Tuple.of(2, ranges().map(Operation.DeleteRange::new)),
        Tuple.of(3, lists()),
        Tuple.of(1, Arbitraries.just(new Operation.Pass())));
  }

  private static Arbitrary<Operation> puts() {
    return Combinators.combine(
            Arbitraries.of(KEYS),
            Arbitraries.of("", "1", "2", "\u20ac"),
            Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)),
            Arbitraries.of(Operation.Guard.class),
            Arbitraries.of(PutMode.class),
            Arbitraries.of(Layout.class))
        .as(
            (key, value, mortal, guard, mode, layout) ->
                new Operation.Put(
                    key, mode == PutMode.REFRESH ? "" : value, false, mortal, guard, mode, layout));
  }

  private static Arbitrary<Operation> directories() {
    return Combinators.combine(
            Arbitraries.of(KEYS),
            Arbitraries.of(true, false, false),
            Arbitraries.of(Operation.Guard.NONE, Operation.Guard.ABSENT, Operation.Guard.PRESENT),
            Arbitraries.of(PutMode.REPLACE, PutMode.UPDATE))
        .as(
            (key, mortal, guard, mode) ->
                new Operation.Put(key, "", true, mortal, guard, mode, Layout.TREE));
  }

  private static Arbitrary<Operation> deletes() {
    return Combinators.combine(
            Arbitraries.of(KEYS),
            Arbitraries.of(Operation.Guard.class),
            Arbitraries.of(Layout.class),
            Arbitraries.of(true, false))
        .as(Operation.Delete::new);
  }

  private static Arbitrary<Operation> lists() {
    return Combinators.combine(ranges(), Arbitraries.of("", "/", "b"))
        .as(
            (range, delimiter) ->
                new Operation.List(
                    new ListRequest(
                        range, Optional.of(delimiter).filter(text -> !text.isEmpty()))));
  }

  private static Arbitrary<Range> ranges() {
    return Arbitraries.oneOf(
        Arbitraries.of(KEYS).map(key -> new Range.Exact(Key.of(key))),
        Arbitraries.of(KEYS).map(key -> new Range.Tree(Key.of(key))),
        Arbitraries.of("", "a", "a/", "b", "x")
            .map(text -> new Range.WithPrefix(new Prefix(text))));
  }
}
