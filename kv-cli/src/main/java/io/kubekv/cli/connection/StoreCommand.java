package io.kubekv.cli.connection;

import io.kubekv.KeyValueStore;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.KubekvClient;

/** A verb that sends each of its calls once: what came of it is for the script to judge. */
public abstract class StoreCommand extends ClientCommand {
  protected StoreCommand(Terminal terminal) {
    super(terminal);
  }

  /** Does it; the exit code. */
  protected abstract int run(KeyValueStore store) throws Exception;

  @Override
  protected final int run(KubekvClient client) throws Exception {
    return run(client.store());
  }
}
