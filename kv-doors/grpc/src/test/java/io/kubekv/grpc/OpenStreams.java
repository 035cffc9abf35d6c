package io.kubekv.grpc;

import io.kubekv.transport.door.OpenDoor;

/** Looks into an open gRPC door. */
public final class OpenStreams {
  private OpenStreams() {}

  /** Its watches, locks and lists that are open. */
  public static int of(OpenDoor door) {
    return ((OpenGrpcDoor) door).streams();
  }
}
