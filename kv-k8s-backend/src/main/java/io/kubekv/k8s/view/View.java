package io.kubekv.k8s.view;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.kubekv.KeyValueStore;
import io.kubekv.k8s.KeyValueDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the keys of a store as {@code KeyValue} objects, and the store itself as a {@code Store}
 * object, as long as this process holds the store; takes edits of the objects as proposals. Nothing
 * waits for it, and no failure of it reaches the store. Thread-safe.
 */
public final class View implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(View.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final ViewWork work;
  private final Thread thread;
  private volatile boolean closed;

  private View(ViewWork work) {
    this.work = work;
    this.thread = Thread.ofPlatform().daemon().name("kubekv-view").unstarted(this::run);
  }

  /**
   * Begins to work; nothing is shown before {@link #begin}.
   *
   * @param client which must not retry by itself; closed by the caller, after the view
   * @param log asked once a second at most; must not block
   */
  public static View open(
      KubernetesClient client,
      String namespace,
      KeyValueStore store,
      ViewSettings settings,
      Supplier<LogFigures> log) {
    ViewWork.Apis apis =
        new ViewWork.Apis(
            objects(client, namespace, "kubekv.io", KeyValueDefinition.KIND, "keyvalues"),
            objects(client, namespace, "kubekv.io", StoreDefinition.KIND, StoreDefinition.PLURAL),
            objects(client, namespace, "", "Event", "events"));
    View view =
        new View(
            new ViewWork(
                store,
                apis,
                namespace,
                settings,
                log,
                new ViewWork.Time(System::nanoTime, InstantSource.system())));
    view.thread.start();
    return view;
  }

  private static ObjectsApi objects(
      KubernetesClient client, String namespace, String group, String kind, String plural) {
    ResourceDefinitionContext type =
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion("v1")
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(true)
            .build();
    return new ClusterObjects(client, namespace, type);
  }

  /**
   * This process holds the store from now on.
   *
   * @param holder its name, for people
   * @param epoch the number of its term
   */
  public void begin(String holder, long epoch) {
    work.begin(holder, epoch);
  }

  /**
   * It no longer does. No write is begun after this; one that is on its way can do no harm, since
   * it names the version that it replaces.
   */
  public void end() {
    work.end();
  }

  /** How the view is. */
  public ViewFigures figures() {
    return work.figures();
  }

  private void run() {
    while (!closed) {
      work.step();
      LockSupport.parkNanos(TICK.toNanos());
    }
    work.close();
  }

  /** Stops, and waits a little for the answer that the thread may still wait for. */
  @Override
  public void close() {
    closed = true;
    work.end();
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
