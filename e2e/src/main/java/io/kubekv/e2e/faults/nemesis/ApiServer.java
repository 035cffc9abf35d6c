package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.api.Upstream;
import java.io.IOException;

/** The API server of a run, which all replicas share. Not thread-safe but for {@link #upstream}. */
interface ApiServer extends AutoCloseable {
  /** What it is called on the command line. */
  String name();

  /** Where it is now. */
  Upstream upstream();

  void kill() throws IOException;

  void pause() throws IOException;

  void resume() throws IOException;

  /** Starts it again after {@link #kill}; blocks until it answers. */
  void startAgain() throws IOException;

  /** Whether it keeps its data in a process of its own. */
  boolean hasStorage();

  /** Kills what keeps its data, and starts that again. */
  void restartStorage() throws IOException;

  /** Makes what keeps its data forget every state that was superseded. */
  void compactStorage() throws IOException;

  @Override
  void close();
}
