package io.kubekv.k8s.log;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ObjectApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes slots again that others have changed or deleted, once a snapshot has what they held.
 * Thread-safe.
 */
final class Mending {
  private static final Logger log = LoggerFactory.getLogger(Mending.class);

  /** Between two looks at what no snapshot has yet. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ObjectApi api;
  private final Room room;
  private final Executor threads;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean harmedAgain = new AtomicBoolean();

  /**
   * @param threads where it happens; not taken over
   */
  Mending(ObjectApi api, Room room, Executor threads) {
    this.api = api;
    this.room = room;
    this.threads = threads;
  }

  /**
   * Something was harmed: mends what a snapshot has, and asks for one and looks again while there
   * is something that none has yet. However much is harmed, one looks at a time. Never blocks.
   */
  void begin(RingView view) {
    if (looking.getAndSet(true)) {
      harmedAgain.set(true);
      return;
    }
    try {
      var unused =
          CompletableFuture.runAsync(() -> mend(view), threads)
              .handleAsync(
                  (done, failed) -> lookAgain(view),
                  CompletableFuture.delayedExecutor(
                      PAUSE.toMillis(), TimeUnit.MILLISECONDS, threads));
    } catch (RejectedExecutionException closing) {
      log.debug("the log is closed: what was harmed stays as it is");
    }
  }

  private void mend(RingView view) {
    try {
      run(view.damaged(), room.trimmed());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean lookAgain(RingView view) {
    looking.set(false);
    long trimmed = room.trimmed();
    boolean all = view.damaged().stream().allMatch(slot -> slot.position() <= trimmed);
    boolean again = harmedAgain.getAndSet(false);
    if (!all) {
      view.wantSnapshot();
    }
    if (again || !all) {
      begin(view);
    }
    return all;
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

  /**
   * Takes entries out of their slots that no snapshot needs; one that stays does no harm. Blocks.
   */
  void empty(List<Slot.Intact> slots) throws InterruptedException {
    for (Slot.Intact slot : slots) {
      try {
        writeBlank(slot.name(), slot.version(), slot.position(), slot.generation());
      } catch (ApiCallException failed) {
        log.debug("{} keeps its entry: {}", slot.name(), failed.getMessage());
      }
    }
  }

  private void writeBlank(String name, String version, long position, long generation)
      throws ApiCallException, InterruptedException {
    ObjectNode blank = Slot.blank(position, generation + 1);
    Void unused = await(api.replace(LogKinds.SLOT, name, version, blank, ""));
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
          writeBlank(foreign.name(), foreign.version(), foreign.position(), foreign.generation());
          log.info("StoreLog {} is mended; its entry is in the snapshot", foreign.name());
        }
      }
    }
  }
}
