package io.kubekv.zookeeper;

import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import io.kubekv.zookeeper.admin.AdminPages;
import io.kubekv.zookeeper.connection.Shared;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * ZooKeeper's protocol, as its servers of version 3.8 speak it.
 *
 * @param address where it listens
 * @param settings what can be chosen
 */
public record ZooKeeperDoor(ListenAddress address, Settings settings) implements Door {
  private static final int LOOKS_OF_TICK = 4;
  private static final long MOST_LOOK_MILLIS = 1_000;

  /**
   * What can be chosen.
   *
   * @param tick sessions live between two and twenty of these without a sign of life
   * @param words the words of four letters that are answered; immutable
   */
  public record Settings(Duration tick, Set<String> words) {
    /** As ZooKeeper has it. */
    public static final Settings DEFAULT = new Settings(Duration.ofSeconds(3), Set.of("srvr"));

    public Settings {
      if (tick.toMillis() < 1) {
        throw new IllegalArgumentException("a tick is less than a millisecond");
      }
      words = Set.copyOf(words);
    }
  }

  @Override
  public String name() {
    return "zookeeper";
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View whole = context.store().inOnePiece();
    EventExecutor loop = context.loop().netty().next();
    Shared shared =
        new Shared(
            context,
            settings.tick(),
            settings.words(),
            loop,
            System::nanoTime,
            System::currentTimeMillis);
    Sweeper sweeper = new Sweeper(whole.store(), System::currentTimeMillis);
    var sweeping =
        context
            .loop()
            .netty()
            .scheduleWithFixedDelay(
                () -> context.threads().execute(sweeper::sweep),
                Sweeper.PAUSE.toSeconds(),
                Sweeper.PAUSE.toSeconds(),
                TimeUnit.SECONDS);
    long look = Math.clamp(settings.tick().toMillis() / LOOKS_OF_TICK, 1, MOST_LOOK_MILLIS);
    var looking = loop.scheduleWithFixedDelay(shared::look, look, look, TimeUnit.MILLISECONDS);
    return context.tcp(
        this,
        shared,
        Map.of(AdminPages.PATH, new AdminPages(shared.figures(), loop)),
        () -> {
          sweeping.cancel(false);
          looking.cancel(false);
          context.loop().netty().execute(shared::close);
        });
  }
}
