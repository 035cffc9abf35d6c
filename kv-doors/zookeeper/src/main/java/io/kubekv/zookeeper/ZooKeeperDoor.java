package io.kubekv.zookeeper;

import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import io.kubekv.zookeeper.admin.AdminPages;
import io.kubekv.zookeeper.admin.FourLetterWords;
import io.kubekv.zookeeper.connection.Shared;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * ZooKeeper's protocol, as its servers of version 3.8 speak it.
 *
 * @param address where it listens
 * @param settings what can be chosen
 */
public record ZooKeeperDoor(ListenAddress address, Settings settings) implements Door {
  private static final String NAME = "zookeeper";
  private static final int LOOKS_OF_TICK = 4;
  private static final long MOST_LOOK_MILLIS = 1_000;

  /**
   * What can be chosen.
   *
   * @param tick sessions live between two and twenty of these without a sign of life; at most an
   *     hour
   * @param words the words of four letters that are answered, of those that are served; immutable
   */
  public record Settings(Duration tick, Set<String> words) {
    private static final Duration LONGEST_TICK = Duration.ofHours(1);

    /** As ZooKeeper has it. */
    public static final Settings DEFAULT = new Settings(Duration.ofSeconds(3), Set.of("srvr"));

    public Settings {
      if (tick.toMillis() < 1 || tick.compareTo(LONGEST_TICK) > 0) {
        throw new IllegalArgumentException("zookeeper-tick is not between 1ms and 1h: " + tick);
      }
      words = Set.copyOf(words);
      Set<String> none = new TreeSet<>(words);
      none.removeAll(FourLetterWords.SERVED);
      if (!none.isEmpty()) {
        throw new IllegalArgumentException(
            "zookeeper-words has "
                + none
                + ", which are not served; there are "
                + new TreeSet<>(FourLetterWords.SERVED));
      }
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View whole = context.store(NAME).inOnePiece();
    EventExecutor loop = context.loop().netty().next();
    Shared shared =
        new Shared(
            context,
            whole,
            settings.tick(),
            settings.words(),
            loop,
            System::nanoTime,
            System::currentTimeMillis);
    Sweeper sweeper = new Sweeper(whole.store(), System::currentTimeMillis);
    List<Future<?>> timers = new CopyOnWriteArrayList<>();
    OpenDoor open =
        context.tcp(
            this,
            shared,
            Map.of(AdminPages.PATH, new AdminPages(shared.figures(), loop)),
            () -> {
              timers.forEach(each -> each.cancel(false));
              loop.execute(shared::close);
            });
    long look = Math.clamp(settings.tick().toMillis() / LOOKS_OF_TICK, 1, MOST_LOOK_MILLIS);
    timers.add(loop.scheduleWithFixedDelay(shared::look, look, look, TimeUnit.MILLISECONDS));
    timers.add(
        loop.scheduleWithFixedDelay(
            () -> context.threads().execute(sweeper::sweep),
            Sweeper.PAUSE.toSeconds(),
            Sweeper.PAUSE.toSeconds(),
            TimeUnit.SECONDS));
    return open; // begun last, since nobody would end them where it cannot listen
  }
}
