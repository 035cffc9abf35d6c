package io.kubekv.server;

import io.kubekv.server.grpc.GrpcSettings;
import io.kubekv.server.http.HttpLimits;
import io.kubekv.server.limits.Budgets;
import io.kubekv.server.limits.ClientLimits;

/**
 * What clients may take.
 *
 * @param client each of them
 * @param watches all of them together
 * @param connections all of them together, at one door
 * @param connectionsOfClient from one address, at one door
 * @param listBytes in one answer of an HTTP door
 */
record LimitsConfig(
    ClientLimits client, int watches, int connections, int connectionsOfClient, long listBytes) {
  static final LimitsConfig DEFAULT =
      new LimitsConfig(
          ClientLimits.DEFAULT,
          100_000,
          HttpLimits.DEFAULT.maxConnections(),
          HttpLimits.DEFAULT.maxConnectionsOfClient(),
          256L << 20);

  LimitsConfig {
    if (watches < 1 || connections < 1 || connectionsOfClient < 1 || listBytes < 1) {
      throw new IllegalArgumentException("a limit is below 1");
    }
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
