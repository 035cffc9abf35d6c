package io.kubekv.consul;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import io.kubekv.transport.watch.Watches;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Consul's API of keys, sessions and locks, on a port of its own.
 *
 * @param address where it listens
 * @param node the name of Consul's one node
 */
public record ConsulDoor(ListenAddress address, String node) implements Door {
  @Override
  public String name() {
    return "consul";
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View whole = context.store(name()).inOnePiece();
    ConsulDialect dialect =
        new ConsulDialect(
            whole.store(),
            whole.watches(),
            ConsulSettings.DEFAULT.withNode(node),
            context.threads());
    return context.http(
        this,
        dialect,
        access -> {
          View view = whole.of(access);
          return dialect.on(view.store(), view.watches());
        },
        List.of());
  }

  /** What it answers, for whoever listens by other means. */
  public static Dialect dialect(KeyValueStore store, Watches watches, Executor threads) {
    return new ConsulDialect(store, watches, ConsulSettings.DEFAULT, threads);
  }
}
