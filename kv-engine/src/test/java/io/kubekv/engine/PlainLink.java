package io.kubekv.engine;

/** Loses nothing, and carries at once. */
class PlainLink implements MemoryLog.Link {
  @Override
  public void carry(Runnable message) {
    message.run();
  }

  @Override
  public boolean losesAnswer() {
    return false;
  }

  @Override
  public boolean losesRequest() {
    return false;
  }

  @Override
  public boolean losesEvent() {
    return false;
  }
}
