package io.kubekv.grpc;

import io.kubekv.transport.door.OpenDoor;

/** Looks into an open gRPC door. */
public final class StreamsOfDoor {
  private StreamsOfDoor() {}

  /** Its watches, locks and lists that are open. */
  public static int of(OpenDoor door) {
    return ((OpenGrpcDoor) door).streams();
  }
}
