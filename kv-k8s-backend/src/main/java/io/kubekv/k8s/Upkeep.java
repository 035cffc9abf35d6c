package io.kubekv.k8s;

import io.kubekv.StoreException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done now and then: removes marked objects, takes checkpoints, tests a silent watch by a
 * write of our own, compares the index with the API.
 */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration TICK = Duration.ofMillis(500);

  private final KubernetesStoreConfig config;
  private final Index index;
  private final ResourceWatch watch;
  private final Holder holder;
  private final Leadership leadership;
  private final Removals removals;
  private final Checkpoints checkpoints;
  private final Audit audit;
  private final Clocks clocks;
  private long auditedAt;
  private volatile long audits;
  private volatile long repairs;

  Upkeep(
      KubernetesStoreConfig config,
      Index index,
      ResourceWatch watch,
      Holder holder,
      Leadership leadership,
      Removals removals,
      Checkpoints checkpoints,
      Audit audit,
      Clocks clocks) {
    this.config = config;
    this.index = index;
    this.watch = watch;
    this.holder = holder;
    this.leadership = leadership;
    this.removals = removals;
    this.checkpoints = checkpoints;
    this.audit = audit;
    this.clocks = clocks;
    this.auditedAt = clocks.nanoTime();
  }

  /** Works until interrupted; blocks. */
  void run() {
    try {
      while (true) {
        Thread.sleep(TICK);
        work();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** How often the index was compared with the API. */
  long audits() {
    return audits;
  }

  /** How often the index was found wrong and mended. */
  long repairs() {
    return repairs;
  }

  /** Does what is due; blocks for as long as the API takes. */
  void work() throws InterruptedException {
    if (!index.filled()) {
      return;
    }
    checkpoints.sample(index.seen().now());
    Optional<Term> term = holder.term();
    if (term.isPresent()) {
      removals.removeDue();
      if (watch.silence().compareTo(config.probeInterval()) > 0) {
        probe(term.get());
      }
    }
    if (clocks.nanoTime() - auditedAt >= config.auditInterval().toNanos()) {
      auditedAt = clocks.nanoTime();
      audit();
    }
  }

  private void probe(Term term) {
    boolean impatient = config.patience().compareTo(config.probeInterval()) < 0;
    try {
      holder.mark(Deadline.in(impatient ? config.patience() : config.probeInterval()));
    } catch (StoreException lost) {
      leadership.giveUp(
          term,
          config.lease().duration(),
          "its own marker does not come back: " + lost.getMessage());
    }
  }

  private void audit() throws InterruptedException {
    try {
      Optional<String> problem = audit.run();
      audits = audits + 1;
      if (problem.isPresent()) {
        repairs++;
        watch.relist("the audit found that " + problem.get());
      }
    } catch (ApiCallException later) {
      log.info("no audit now: {}", later.getMessage());
    }
  }
}
