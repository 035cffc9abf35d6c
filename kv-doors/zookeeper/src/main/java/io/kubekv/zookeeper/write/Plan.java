package io.kubekv.zookeeper.write;

import io.kubekv.TransactionOperation;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Path;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store is to do for some steps. First it checks that the session is still the
 * connection's. A step that is refused whatever the state is ends it: then of the last two
 * operations one never holds, since an earlier one may be refused before it.
 *
 * @param operations in order; none where no step asks for any; immutable
 * @param starts where those of each step begin; immutable
 * @param refused why the step after these is refused; absent when none is
 */
record Plan(List<TransactionOperation> operations, List<Integer> starts, @Nullable Code refused) {
  /** As the version of a node: any. */
  static final int ANY = -1;

  /** How many operations there are at the end of which one never holds. */
  private static final int NEVER = 2;

  Plan {
    operations = List.copyOf(operations);
    starts = List.copyOf(starts);
  }

  static Plan of(List<Step> steps, Nodes.Found guards, Call call) {
    Planner planner = new Planner(guards, call);
    List<Integer> starts = new ArrayList<>();
    for (Step step : steps) {
      int start = planner.size();
      try {
        planner.add(step);
        starts.add(start);
      } catch (ZkException refused) {
        planner.cutTo(start);
        if (starts.isEmpty()) {
          return new Plan(List.of(), starts, refused.code());
        }
        planner.never(Path.key(steps.get(0).path()));
        return new Plan(planner.operations(), starts, refused.code());
      }
    }
    return new Plan(starts.isEmpty() ? List.of() : planner.operations(), starts, null);
  }

  static int aclVersion(Node node) {
    return node.entry().map(entry -> entry.metadata().version()).orElse(0);
  }

  /** Whether a list may be set on what was read, so that a refusal means that it has changed. */
  static boolean isOfVersion(Step.SetAcl step, Node node) {
    return step.version() == ANY || step.version() == aclVersion(node);
  }

  /** Whether an operation belongs to no step, and checks the session. */
  static boolean isOfSession(int operation) {
    return operation == 0;
  }

  /** Which step an operation belongs to. */
  int step(int operation) {
    int step = 0;
    while (step < starts.size()
        && operation >= (step + 1 < starts.size() ? starts.get(step + 1) : end())) {
      step++;
    }
    return step;
  }

  /** Behind the last operation of a step. */
  private int end() {
    return refused == null ? operations.size() : operations.size() - NEVER;
  }
}
