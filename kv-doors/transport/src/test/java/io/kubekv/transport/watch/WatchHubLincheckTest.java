package io.kubekv.transport.watch;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.LincheckOptions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that come while the hub passes events on: each is told all that it asked for, once and in
 * order, at whatever step of the other thread it comes.
 */
@Tag("lincheck")
final class WatchHubLincheckTest {
  @Test
  void watch_thatBeginsWhileEventsCome_missesNothingAndSeesNothingTwice() {
    LincheckOptions.modelChecking()
        .threads(2)
        .actorsBefore(1)
        .actorsPerThread(2)
        .actorsAfter(0)
        .iterations(4)
        .invocationsPerIteration(100)
        .check(HubUnderEvents.class);
  }

  /** A hub to which one thread brings the store's events, and clients that another one brings. */
  @Param(name = "since", gen = IntGen.class, conf = "1:3")
  public static class HubUnderEvents {
    private static final Range KEY = new Range.Exact(Key.of("k"));

    private final List<Client> clients = new ArrayList<>();
    private final WatchHub hub = WatchHub.open(store(), unused -> new Thread());
    private volatile List<WatchEvent> happened = List.of();

    public HubUnderEvents() {
      hub.attach(new Past(List.of()), Revision.ZERO);
    }

    @Operation(nonParallelGroup = "the store")
    public void put() {
      WatchEvent event = event(happened.size() + 1L);
      List<WatchEvent> more = new ArrayList<>(happened);
      more.add(event);
      happened = List.copyOf(more);
      hub.dispatch(event);
    }

    @Operation(nonParallelGroup = "the clients")
    public void watch(@Param(name = "since") int since) throws HistoryGoneException {
      Client client = new Client(since);
      clients.add(client);
      hub.watch(
          new WatchRequirements(KEY, new Revision(since), true, (range, event) -> true),
          end -> client);
    }

    @Validate
    public void validate() {
      for (Client client : clients) {
        List<WatchEvent> wanted =
            happened.stream().filter(event -> event.revision().value() >= client.since).toList();
        if (!client.told.equals(wanted)) {
          throw new IllegalStateException(client.told + " instead of " + wanted);
        }
      }
    }

    @SuppressWarnings("ReferenceEquality") // as Object.equals
    private KeyValueStore store() {
      return (KeyValueStore)
          Proxy.newProxyInstance(
              KeyValueStore.class.getClassLoader(),
              new Class<?>[] {KeyValueStore.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "watch" -> past((WatchRequest) arguments[0]);
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    private Watch past(WatchRequest request) {
      Revision first = ((WatchRequest.From) request.start()).first();
      List<WatchEvent> events = new ArrayList<>();
      for (WatchEvent event : happened) {
        if (!event.revision().isBefore(first)) {
          events.add(event);
        }
      }
      events.add(new WatchEvent.Progress(new Revision(happened.size())));
      return new Past(events);
    }

    private static WatchEvent event(long number) {
      Revision at = new Revision(number);
      Entry entry =
          new Entry(
              Key.of("k"), Kind.VALUE, Bytes.EMPTY, 0, at, at, 1, Optional.empty(), LockState.NONE);
      return new WatchEvent.Put(entry, Optional.empty(), Cause.SET);
    }
  }

  /** What a client was told. */
  private static final class Client implements Sink {
    private final int since;
    private final List<WatchEvent> told = new ArrayList<>();

    Client(int since) {
      this.since = since;
    }

    @Override
    public boolean deliver(Occurrence occurrence) {
      return told.add(occurrence.event());
    }

    @Override
    public void lost() {
      throw new IllegalStateException("nothing was lost");
    }
  }

  /** A watch of events that have happened. */
  private static final class Past implements Watch {
    private final List<WatchEvent> events;
    private int next;

    Past(List<WatchEvent> events) {
      this.events = events;
    }

    @Override
    public Revision start() {
      return Revision.ZERO;
    }

    @Override
    public Optional<WatchEvent> next(Duration atMost) {
      return next < events.size() ? Optional.of(events.get(next++)) : Optional.empty();
    }

    @Override
    public boolean isWithinRevision() {
      return false;
    }

    @Override
    public void whenReady(Runnable wake) {
      wake.run();
    }

    @Override
    public void close() {}
  }
}
