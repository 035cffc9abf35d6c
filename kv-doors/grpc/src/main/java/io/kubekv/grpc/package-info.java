/** The gRPC door: {@code kubekv.v1} on the port. Start reading at {@link GrpcDoor}. */
@NullMarked
package io.kubekv.grpc;

import org.jspecify.annotations.NullMarked;
