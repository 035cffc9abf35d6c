package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.k8s.ApiCallException;
import io.kubekv.k8s.api.ObjectApi;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes slots again that others have changed or deleted, once a snapshot has what they held. */
final class Mending {
  private static final Logger log = LoggerFactory.getLogger(Mending.class);

  private final ObjectApi api;

  Mending(ObjectApi api) {
    this.api = api;
  }

  /**
   * Blocks.
   *
   * @param trimmed the position of a snapshot that stands
   */
  void run(List<Slot> damaged, long trimmed) throws InterruptedException {
    for (Slot slot : damaged) {
      if (slot.position() <= trimmed) {
        try {
          mend(slot);
        } catch (ApiCallException failed) {
          log.debug("{} could not be mended yet: {}", slot.name(), failed.getMessage());
        }
      }
    }
  }

  private void mend(Slot slot) throws ApiCallException, InterruptedException {
    switch (slot) {
      case Slot.Intact intact -> {}
      case Slot.Gone gone -> {
        if (!gone.hides()) {
          Void unused =
              await(api.create(LogKinds.SLOT, gone.name(), Slot.blank(gone.position(), 1)));
          log.info("StoreLog {} is there again; its entry is in the snapshot", gone.name());
        }
      }
      case Slot.Foreign foreign -> {
        if (!foreign.hides()) {
          Void unused =
              await(
                  api.replace(
                      LogKinds.SLOT,
                      foreign.name(),
                      foreign.version(),
                      Slot.blank(foreign.position(), foreign.generation() + 1),
                      ""));
          log.info("StoreLog {} is mended; its entry is in the snapshot", foreign.name());
        }
      }
    }
  }
}
