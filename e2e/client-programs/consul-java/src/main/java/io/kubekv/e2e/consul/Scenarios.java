package io.kubekv.e2e.consul;

/** What every client of these programs does with a store. */
final class Scenarios {
  private Scenarios() {}

  static void run(Client client, Checks checks) throws InterruptedException {
    new Keys(client, checks).run();
    new Waits(client, checks).run();
    new Sessions(client, checks).run();
    new Locks(client, checks).run();
    new Ends(client, checks).run();
    new Others(client, checks).run();
  }
}
