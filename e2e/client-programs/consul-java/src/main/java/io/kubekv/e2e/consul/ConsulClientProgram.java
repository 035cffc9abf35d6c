package io.kubekv.e2e.consul;

import java.util.concurrent.TimeUnit;
import org.kiwiproject.consul.Consul;

/**
 * Uses a store through consul-client and says of each call whether it answered as Consul does: {@code ok NAME} or {@code not ok NAME} with the difference. The
 * argument is the store's URL.
 */
final class ConsulClientProgram {
  private ConsulClientProgram() {}

  public static void main(String[] arguments) throws InterruptedException {
    Consul consul = Consul.builder().withUrl(arguments[0]).withReadTimeoutMillis(TimeUnit.SECONDS.toMillis(60)).build();
    Client client = new ConsulClientLibrary(consul);
    Checks checks = new Checks(client);
    Scenarios.run(client, checks);
    new Deletions(consul.keyValueClient(), checks).run();
    new Transactions(consul.keyValueClient(), client, checks).run();
    new Caches(consul.keyValueClient(), checks).run();
    client.deleteTree(checks.key(""));
    System.exit(0);
  }
}
