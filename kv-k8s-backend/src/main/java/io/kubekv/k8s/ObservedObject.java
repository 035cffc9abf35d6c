package io.kubekv.k8s;

import io.kubekv.Revision;

/** An object of our resource type as the API showed it. */
sealed interface ObservedObject {
  /** {@code metadata.name}; empty when the API left it out. */
  String name();

  /** {@code metadata.uid}; empty when the API left it out. */
  String uid();

  /** The revision of its last change, in the one order of the store. */
  Revision revision();

  /**
   * An object that holds no key of ours: to be quarantined and reported, never guessed at.
   *
   * @param problem what is wrong with it, without its value
   */
  record Foreign(String name, String uid, Revision revision, String problem)
      implements ObservedObject {}

  /** An object that holds a key. */
  record Stored(StoredObject object) implements ObservedObject {
    @Override
    public String name() {
      return object.name();
    }

    @Override
    public String uid() {
      return object.uid();
    }

    @Override
    public Revision revision() {
      return object.revision();
    }
  }
}
