package io.kubekv.k8s.view;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.kubekv.KeyValueStore;
import io.kubekv.k8s.api.ApiObserver;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the keys of a store as {@code KeyValue} objects, what Docker keeps there as objects of its
 * own types, and the store itself as a {@code Store} object, as long as this process holds the
 * store; takes edits of the objects as proposals. Nothing waits for it, and no failure of it
 * reaches the store. Thread-safe.
 */
public final class View implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(View.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  /**
   * A time in which a process holds the store.
   *
   * @param holder its name, for people
   * @param epoch the number of its term; a later one is another
   */
  public record Holding(String holder, long epoch) {}

  private final ViewWork work;
  private final Thread thread;
  private final AtomicBoolean closed;

  private View(ViewWork work, AtomicBoolean closed) {
    this.work = work;
    this.closed = closed;
    this.thread = Thread.ofPlatform().daemon().name("kubekv-view").unstarted(this::run);
  }

  /**
   * Begins to work.
   *
   * @param client which must not retry by itself; closed by the caller, after the view
   * @param holding empty while this process does not hold the store: then no write is begun, and
   *     one that is on its way can do no harm, since it names the version that it replaces. Asked
   *     before each write; must not block
   * @param log asked once a second at most; must not block
   * @param observer hears of its calls to the API
   */
  public static View open(
      KubernetesClient client,
      String namespace,
      KeyValueStore store,
      ViewSettings settings,
      Supplier<Optional<Holding>> holding,
      Supplier<LogFigures> log,
      ApiObserver observer) {
    Objects objects = new Objects(client, namespace, observer);
    ViewWork.Apis apis =
        new ViewWork.Apis(
            objects.of("kubekv.io", KeyValueDefinition.KIND, KeyValueDefinition.PLURAL),
            kind -> objects.of("kubekv.io", kind.kind(), kind.plural()),
            objects.of("kubekv.io", StoreDefinition.KIND, StoreDefinition.PLURAL),
            objects.of("", "Event", "events"));
    AtomicBoolean closed = new AtomicBoolean();
    ViewWork work =
        new ViewWork(
            store,
            apis,
            namespace,
            settings,
            () -> closed.get() ? Optional.empty() : holding.get(),
            log,
            new ViewWork.Time(System::nanoTime, InstantSource.system()));
    View view = new View(work, closed);
    view.thread.start();
    return view;
  }

  /** The objects of a namespace, of whose calls somebody hears. */
  private record Objects(KubernetesClient client, String namespace, ApiObserver observer) {
    ObjectsApi of(String group, String kind, String plural) {
      ResourceDefinitionContext type =
          new ResourceDefinitionContext.Builder()
              .withGroup(group)
              .withVersion("v1")
              .withKind(kind)
              .withPlural(plural)
              .withNamespaced(true)
              .build();
      return new ObservedObjects(new ClusterObjects(client, namespace, type), plural, observer);
    }
  }

  /** How the view is. */
  public ViewFigures figures() {
    return work.figures();
  }

  private void run() {
    while (!closed.get()) {
      work.step();
      LockSupport.parkNanos(TICK.toNanos());
    }
    work.close();
  }

  /** Stops, and waits a little for the answer that the thread may still wait for. */
  @Override
  public void close() {
    closed.set(true);
    LockSupport.unpark(thread);
    try {
      if (!thread.join(LONGEST_END)) {
        log.info("the view's thread still waits for an answer of the Kubernetes API");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
