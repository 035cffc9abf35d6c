package io.kubekv.server;

/** The same with the engine over a log. */
class ReplicasOnTheLogTest extends ReplicasTest {
  @Override
  Core core() {
    return Core.LOG;
  }
}
