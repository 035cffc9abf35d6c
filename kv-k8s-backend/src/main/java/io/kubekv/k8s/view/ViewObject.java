package io.kubekv.k8s.view;

import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.k8s.form.KeyValueForm;
import java.util.Optional;

/**
 * A {@code KeyValue} object as the API showed it, without its value. Immutable.
 *
 * @param name {@code metadata.name}
 * @param uid {@code metadata.uid}
 * @param version {@code metadata.resourceVersion}, an unsigned number
 * @param key {@code spec.key} as it stands, whatever that is
 * @param isDirectory whether {@code spec.type} says so
 * @param hash the hash of {@code spec} as it stands
 * @param isEnding whether it has been removed, and finalizers keep it for a while
 * @param isDecorated whether it has labels, annotations and the like, which a put must take along
 * @param isMadeByOthers whether nothing in it is ours
 * @param author who edited it last but us, as {@code managedFields} name the program; empty where
 *     that is not known
 * @param status what we wrote beside {@code spec}
 */
record ViewObject(
    String name,
    String uid,
    long version,
    String key,
    boolean isDirectory,
    String hash,
    boolean isEnding,
    boolean isDecorated,
    boolean isMadeByOthers,
    String author,
    ViewStatus status) {
  /**
   * What we write beside {@code spec}.
   *
   * @param store the id of the store that the revisions are of
   * @param revision the revision of the key that is shown
   * @param absentAt a revision at which the key was absent, of an object that somebody made
   * @param hash the hash of {@code spec} as we wrote or judged it; empty when we have not
   * @param withdrawn its removal says nothing about the key
   * @param hasCondition whether it tells of an edit
   */
  record ViewStatus(
      String store,
      Optional<Revision> revision,
      Optional<Revision> absentAt,
      String hash,
      boolean withdrawn,
      boolean hasCondition) {}

  /** Whether somebody else made it what it is: a proposal that has not been judged. */
  boolean isEdited() {
    boolean isOurs = hash.equals(status.hash()) && !isMadeByOthers;
    return status.withdrawn() ? !isAsWithdrawn() : !isOurs;
  }

  /** Former versions wrote no hash in what they withdrew. */
  private boolean isAsWithdrawn() {
    return status.hash().isEmpty() || hash.equals(status.hash());
  }

  /** Whether somebody deleted it and made it again at once, as a new content of its key. */
  boolean isMadeAgain() {
    return !isMadeByOthers && status.hash().isEmpty() && status.revision().isPresent();
  }

  /** Whether somebody put it back as we had written it for an older revision. */
  boolean isPutBack(ViewObject before) {
    return uid.equals(before.uid)
        && !isEdited()
        && !status.withdrawn()
        && !hash.equals(before.hash)
        && status.store().equals(before.status.store())
        && status.revision().isPresent()
        && before.status.revision().filter(status.revision().get()::isBefore).isPresent();
  }

  /** Whether it shows a key, or was edited by somebody who saw it do so. */
  Optional<Revision> shows(String store) {
    return isMadeByOthers || !status.store().equals(store) ? Optional.empty() : status.revision();
  }

  /** The revision at which the key was absent when we first saw this object. */
  Optional<Revision> absentAt(String store) {
    return isMadeByOthers || !status.store().equals(store) ? Optional.empty() : status.absentAt();
  }

  /** The key that it says it is of, if its name is the name of that key's object. */
  Optional<Key> ownKey() {
    try {
      return Optional.of(Key.of(key)).filter(own -> KeyValueForm.name(own).equals(name));
    } catch (IllegalArgumentException noKey) {
      return Optional.empty();
    }
  }

  boolean isNewerThan(ViewObject other) {
    return Long.compareUnsigned(version, other.version) > 0;
  }
}
