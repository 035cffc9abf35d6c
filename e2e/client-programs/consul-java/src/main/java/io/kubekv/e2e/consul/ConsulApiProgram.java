package io.kubekv.e2e.consul;

import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.ConsulRawClient;
import java.net.URI;

/**
 * Uses a store through consul-api and says of each call whether it answered as Consul does: {@code ok NAME} or {@code not ok NAME} with the difference. The
 * argument is the store's URL.
 */
final class ConsulApiProgram {
  private ConsulApiProgram() {}

  public static void main(String[] arguments) throws InterruptedException {
    URI url = URI.create(arguments[0]);
    ConsulRawClient raw = ConsulRawClient.Builder.builder().setHost(url.getHost()).setPort(url.getPort()).build();
    ConsulClient consul = new ConsulClient(raw);
    Client client = new ConsulApiLibrary(consul);
    Checks checks = new Checks(client);
    Scenarios.run(client, checks);
    new RawReads(raw, checks).run();
    new SessionWaits(consul, checks).run();
    client.deleteTree(checks.key(""));
    System.exit(0);
  }
}
