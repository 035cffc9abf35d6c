package io.kubekv.engine;

import java.util.ArrayDeque;
import java.util.Queue;

/** Loses nothing, and carries at once, or when a test lets it. */
final class SlowLink extends PlainLink {
  private final Queue<Runnable> heldBack = new ArrayDeque<>();
  private boolean slow;

  @Override
  public synchronized void carry(Runnable message) {
    if (slow) {
      heldBack.add(message);
    } else {
      message.run();
    }
  }

  void carryOne() {
    heldBack.remove().run();
  }

  synchronized void slow() {
    slow = true;
  }

  void quick() {
    synchronized (this) {
      slow = false;
    }
    heldBack.forEach(Runnable::run);
  }
}
