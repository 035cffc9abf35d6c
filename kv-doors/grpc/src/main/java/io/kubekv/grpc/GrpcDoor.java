package io.kubekv.grpc;

import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import java.io.IOException;

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
    OpenGrpcDoor door =
        OpenGrpcDoor.start(
            address.socket(),
            context.grpcSettings(),
            context.store().inPieces().store(),
            context.threads(),
            companion,
            context.gate(),
            context.budgets());
    context
        .metrics()
        .connections(NAME, door, OpenGrpcDoor::connections, OpenGrpcDoor::failedHandshakes);
    context
        .metrics()
        .gauge("kubekv.grpc.streams", "Open watches, lists and locks", door, OpenGrpcDoor::streams);
    return door;
  }
}
