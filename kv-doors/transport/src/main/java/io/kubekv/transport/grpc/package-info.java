/**
 * What stands around the services of every door that speaks gRPC: connections, limits, users,
 * certificates, ids. Start reading at {@link io.kubekv.transport.grpc.GrpcListener}.
 */
@NullMarked
package io.kubekv.transport.grpc;

import org.jspecify.annotations.NullMarked;
