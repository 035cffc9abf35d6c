package io.kubekv;

/**
 * What a put does about the session that its entry ends with: etcd v3's leases and ZooKeeper's
 * ephemeral nodes. Apart from the lock of the key ({@link Locking}): who attaches a key holds
 * nothing, and anybody may put it again. A directory is attached to none: its end would take from
 * what is below it the place where it stands.
 */
public sealed interface Attachment {
  /** Attaches the entry to none, from one that it was attached to before as well. */
  record Detach() implements Attachment {}

  /** Leaves it attached as it is; what is new, or becomes a directory, is attached to none. */
  record Keep() implements Attachment {}

  /**
   * Attaches the entry to this session, which must live, and to no other; refused of a directory
   * ({@link Refused.Reason#IS_DIRECTORY}).
   */
  record To(SessionId session) implements Attachment {}

  Attachment DETACH = new Detach();

  Attachment KEEP = new Keep();
}
