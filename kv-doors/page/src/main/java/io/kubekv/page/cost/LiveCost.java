package io.kubekv.page.cost;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.UnavailableException;
import io.kubekv.cost.CostModel;
import io.kubekv.cost.Figure;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Predicts what the store costs as it is now, beside what is measured. A call looks at 128 keys and
 * the 500 latest revisions, whatever the store holds.
 */
public final class LiveCost {
  private LiveCost() {}

  /**
   * Reads what is needed of a store that may be read as a whole. Blocks for a bounded time.
   *
   * @param looks at the same store before
   */
  public static CostTable of(KeyValueStore store, Serving serving, Looks looks) {
    StoreStatus status = store.status();
    Optional<Looks.Rates> rates =
        status.ready() ? looks.look(status.revision().value(), serving.counts()) : Optional.empty();
    Contents contents = Contents.read(store, status);
    Lately lately = lately(store, status);
    Inputs inputs = new Inputs(serving, rates, contents, lately);
    if (serving.place() == Serving.Place.ETCD) {
      return new CostTable(
          "The log is in an etcd. The model is of a Kubernetes API, so nothing is predicted.",
          inputs.rows(),
          new CostRows(Optional.empty(), serving, rates).groups(),
          List.of());
    }
    Prediction prediction = CostModel.predict(inputs.workload());
    return new CostTable(
        words(serving.place()),
        inputs.rows(),
        new CostRows(Optional.of(prediction), serving, rates).groups(),
        beyond(prediction));
  }

  private static Lately lately(KeyValueStore store, StoreStatus status) {
    try {
      return Lately.read(store, status.revision(), status.oldest());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while the history was read");
    }
  }

  private static String words(Serving.Place place) {
    return place == Serving.Place.INSIDE
        ? "The API server is inside this process, so no cluster is asked for anything. Predicted is"
            + " what the same store would cost one."
        : "Predicted is what a Kubernetes cluster bears for this store as it is now.";
  }

  private static List<String> beyond(Prediction prediction) {
    List<String> beyond = new ArrayList<>();
    for (Figure figure : prediction.figures()) {
      if (figure.unit() == Unit.SHARE && figure.value() > 1) {
        beyond.add("Beyond a limit: " + figure.text() + " " + figure.what() + ".");
      }
    }
    return beyond;
  }
}
