package io.kubekv.cli;

import io.kubekv.KeyValueStore;
import io.kubekv.client.KubekvClient;

/** A verb that sends each of its calls once: what came of it is for the script to judge. */
abstract class StoreCommand extends ClientCommand {
  StoreCommand(Terminal terminal) {
    super(terminal);
  }

  /** Does it; the exit code. */
  abstract int run(KeyValueStore store) throws Exception;

  @Override
  final int run(KubekvClient client) throws Exception {
    return run(client.store());
  }
}
