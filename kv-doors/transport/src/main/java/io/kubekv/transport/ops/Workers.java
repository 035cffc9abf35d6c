package io.kubekv.transport.ops;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices threads that die. All threads of kubekv are named {@code kubekv-...}; each either handles
 * what can be expected to go wrong, or is ended by it. Nothing replaces one that has ended, so the
 * process may look well and stand still: from then on it is not healthy, and whoever watches over
 * it is to start it again. Thread-safe.
 */
public final class Workers implements Thread.UncaughtExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  private static final String OURS = "kubekv-";

  private final AtomicReference<Optional<String>> died = new AtomicReference<>(Optional.empty());

  /** Notices every thread of this process from now on that has no handler of its own. */
  public static Workers ofProcess() {
    Workers workers = new Workers();
    Thread.setDefaultUncaughtExceptionHandler(workers);
    return workers;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable reason) {
    if (thread.getName().startsWith(OURS)) {
      died.compareAndSet(
          Optional.empty(), Optional.of("the thread " + thread.getName() + " died: " + reason));
      log.error(
          "the thread {} died, which must not happen: /healthz fails until this process is"
              + " started again. Please report this",
          thread.getName(),
          reason);
    } else {
      log.error("the thread {} died", thread.getName(), reason);
    }
  }

  /** The first that has died, and of what; empty as long as none has. */
  public Optional<String> died() {
    return died.get();
  }
}
