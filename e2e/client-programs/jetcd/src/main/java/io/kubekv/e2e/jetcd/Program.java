package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;

/**
 * Uses a store through jetcd and says of each call whether it answered as etcd does: {@code ok
 * NAME}, {@code differs NAME: REASON} where kubekv is known to answer otherwise, or {@code not ok
 * NAME} with the difference. The arguments are the store's URL and name.
 */
public final class Program {
  /** Before every key. */
  static final String ROOT = "jetcd/";

  private Program() {}

  public static void main(String[] arguments) throws Exception {
    Checks checks = new Checks(arguments[1].equals("kubekv"));
    try (Client client = Client.builder().endpoints(arguments[0]).build()) {
      new Keys(client, checks).run();
      new Transactions(client, checks).run();
      new Leases(client, checks).run();
      new Watches(client, checks).run();
      new Recipes(client, checks).run();
      new Server(client, checks, arguments[0]).run();
      get(client.getKVClient().delete(bytes(ROOT), DeleteOption.builder().isPrefix(true).build()));
    }
    System.exit(0);
  }
}
