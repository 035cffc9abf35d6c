package io.kubekv.grpc;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import java.io.IOException;
import java.util.concurrent.ExecutorService;

/**
 * {@code kubekv.v1} on a port of its own.
 *
 * @param address where it listens
 * @param companion what is served beside it
 */
public record GrpcDoor(ListenAddress address, Companion companion) implements Door {
  static final String NAME = "grpc";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View whole = context.store(NAME).inPieces();
    SharedServices shared =
        new SharedServices(
            whole.store(),
            access -> access.equals(Access.ALL) ? whole.store() : whole.of(access).store(),
            context.threads(),
            context.budgets().room(),
            context.grpc().progress());
    context
        .metrics()
        .gauge(
            "kubekv.grpc.streams", "Open watches, lists and locks", shared, SharedServices::open);
    return new OpenGrpcDoor(
        context.grpc(this, shared.services(), companion), shared, context.grpc().drain());
  }

  /**
   * Listens for everybody, who may everything and take any amount: for tests and measurements. A
   * server opens it on a context.
   *
   * @param threads virtual threads; not taken over
   * @throws IOException when the address cannot be bound
   */
  public OpenDoor openUnguarded(GrpcSettings settings, KeyValueStore store, ExecutorService threads)
      throws IOException {
    return OpenGrpcDoor.unguarded(this, settings, store, threads);
  }
}
