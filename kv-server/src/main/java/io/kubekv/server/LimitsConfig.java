package io.kubekv.server;

import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;

/**
 * What clients may take.
 *
 * @param client each of them
 * @param watches all of them together
 * @param connections all of them together, at one door
 * @param connectionsOfClient from one address, at one door
 * @param listBytes in one answer of an HTTP door
 * @param storeBytes in the store, {@link #SHARE_OF_HEAP} for what its place has room for
 */
record LimitsConfig(
    ClientLimits client,
    int watches,
    int connections,
    int connectionsOfClient,
    long listBytes,
    long storeBytes) {
  /** As many bytes of a store as there is memory for. */
  static final long SHARE_OF_HEAP = 0;

  /** The rest is for past events, for requests and answers, and for what a collection leaves. */
  private static final int SHARE = 4;

  /** The API server inside has all that is stored a second time, as JSON, and its own history. */
  private static final int SHARE_BESIDE_API_SERVER = 8;

  static final LimitsConfig DEFAULT =
      new LimitsConfig(
          ClientLimits.DEFAULT,
          100_000,
          HttpLimits.DEFAULT.maxConnections(),
          HttpLimits.DEFAULT.maxConnectionsOfClient(),
          256L << 20,
          SHARE_OF_HEAP);

  LimitsConfig {
    if (watches < 1
        || connections < 1
        || connectionsOfClient < 1
        || listBytes < 1
        || storeBytes < 0) {
      throw new IllegalArgumentException("a limit is below 1");
    }
  }

  /** How many bytes the store may hold. */
  long storeBytes(ServerConfig.Backend backend) {
    if (storeBytes != SHARE_OF_HEAP) {
      return storeBytes;
    }
    boolean inside = backend instanceof ServerConfig.Embedded;
    return Runtime.getRuntime().maxMemory() / (inside ? SHARE_BESIDE_API_SERVER : SHARE);
  }

  Budgets budgets() {
    return new Budgets(client, watches);
  }

  HttpLimits http() {
    return HttpLimits.DEFAULT.withMaxConnections(connections, connectionsOfClient);
  }

  GrpcSettings grpc() {
    return GrpcSettings.DEFAULT.withConnections(connections, connectionsOfClient);
  }
}
