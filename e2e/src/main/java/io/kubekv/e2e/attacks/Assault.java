package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * An attack over the network alone, on a server that others use at the same time. It is made by a
 * process of its own, which has only what the others leave of the processors: an attacker's
 * programs run elsewhere, and what is measured is the server.
 */
interface Assault extends Attack {
  /** The server that it is tried on. */
  Kind kind();

  /** The attack itself, within the process that makes it; bounded in count and time. */
  void attack(Target target, Consumer<Finding> findings) throws IOException;

  /** How many bytes of what it stores the server may keep, history included. */
  default long stores() {
    return 0;
  }

  @Override
  default void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    rig.beside(this, rig.victim(kind()), findings);
  }
}
