package io.kubekv;

import java.time.Duration;
import java.util.Optional;

/**
 * A put. Start from {@link #of} or {@link #directory} and add what differs.
 *
 * @param key the key; with a {@link Naming} of the store, zeros stand for what it chooses
 * @param kind what to store; {@link Kind#DIRECTORY} only with {@link Layout#TREE}
 * @param value the value; empty for a directory and for a refresh
 * @param flags the client's number (see {@link Entry#flags()})
 * @param timeToLive how long the entry lives after the last acknowledged put; absent for ever
 * @param precondition what must hold of the current entry
 * @param mode what is kept of the current entry
 * @param layout whether the rules of a tree apply
 * @param locking what the put does about the key's lock; not with a directory or a refresh
 * @param fence the fencing token of the lock that guards this put ({@link
 *     LockState#acquireRevision} of the lock's key, which may be another). The entry keeps the
 *     highest that it has seen, as long as it lives, and refuses puts with lower ones
 * @param naming who says how the key ends
 * @param attachment what the put does about the session that the entry ends with; a refresh keeps
 *     it in any case. To a session only with a value
 */
public record PutRequest(
    Key key,
    Kind kind,
    Bytes value,
    long flags,
    Optional<Duration> timeToLive,
    Precondition precondition,
    PutMode mode,
    Layout layout,
    Locking locking,
    Optional<Revision> fence,
    Naming naming,
    Attachment attachment) {
  public PutRequest {
    if (!key.text().endsWith(naming.placeholder())) {
      throw new IllegalArgumentException(key + " has no place for a name that the store chooses");
    }
    if (timeToLive.isPresent() && timeToLive.get().isNegative()) {
      throw new IllegalArgumentException("time to live of " + key + " is negative");
    }
    if (kind == Kind.DIRECTORY && (layout == Layout.FLAT || value.size() > 0)) {
      throw new IllegalArgumentException("directory " + key + " needs layout TREE and no value");
    }
    if (mode == PutMode.REFRESH && value.size() > 0) {
      throw new IllegalArgumentException("refresh of " + key + " carries a value");
    }
    boolean locks = !(locking instanceof Locking.None);
    if (locks && (kind == Kind.DIRECTORY || mode == PutMode.REFRESH)) {
      throw new IllegalArgumentException("a lock of " + key + " needs a value put");
    }
    if (attachment instanceof Attachment.To
        && (kind == Kind.DIRECTORY || mode == PutMode.REFRESH)) {
      throw new IllegalArgumentException("attaching " + key + " to a session needs a value put");
    }
  }

  /** An unconditional flat put that updates, without expiry. */
  public static PutRequest of(Key key, Bytes value) {
    return new PutRequest(
        key,
        Kind.VALUE,
        value,
        0,
        Optional.empty(),
        Precondition.NONE,
        PutMode.UPDATE,
        Layout.FLAT,
        Locking.NONE,
        Optional.empty(),
        Naming.GIVEN,
        Attachment.DETACH);
  }

  /** An unconditional put of a directory that replaces. */
  public static PutRequest directory(Key key) {
    return new PutRequest(
        key,
        Kind.DIRECTORY,
        Bytes.EMPTY,
        0,
        Optional.empty(),
        Precondition.NONE,
        PutMode.REPLACE,
        Layout.TREE,
        Locking.NONE,
        Optional.empty(),
        Naming.GIVEN,
        Attachment.DETACH);
  }

  public PutRequest withFlags(long newFlags) {
    return new PutRequest(
        key,
        kind,
        value,
        newFlags,
        timeToLive,
        precondition,
        mode,
        layout,
        locking,
        fence,
        naming,
        attachment);
  }

  public PutRequest withTimeToLive(Duration newTimeToLive) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        Optional.of(newTimeToLive),
        precondition,
        mode,
        layout,
        locking,
        fence,
        naming,
        attachment);
  }

  public PutRequest withPrecondition(Precondition newPrecondition) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        timeToLive,
        newPrecondition,
        mode,
        layout,
        locking,
        fence,
        naming,
        attachment);
  }

  public PutRequest withMode(PutMode newMode) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        timeToLive,
        precondition,
        newMode,
        layout,
        locking,
        fence,
        naming,
        attachment);
  }

  public PutRequest withLayout(Layout newLayout) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        timeToLive,
        precondition,
        mode,
        newLayout,
        locking,
        fence,
        naming,
        attachment);
  }

  public PutRequest withLocking(Locking newLocking) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        timeToLive,
        precondition,
        mode,
        layout,
        newLocking,
        fence,
        naming,
        attachment);
  }

  public PutRequest withFence(Revision newFence) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        timeToLive,
        precondition,
        mode,
        layout,
        locking,
        Optional.of(newFence),
        naming,
        attachment);
  }

  public PutRequest withAttachment(Attachment newAttachment) {
    return new PutRequest(
        key,
        kind,
        value,
        flags,
        timeToLive,
        precondition,
        mode,
        layout,
        locking,
        fence,
        naming,
        newAttachment);
  }

  /**
   * A put under a key that the store chooses.
   *
   * @param prefix what the key begins with
   * @param naming what the store adds
   */
  public PutRequest withNaming(Prefix prefix, Naming newNaming) {
    Key place = Key.of(prefix.text() + newNaming.placeholder());
    return withKey(place, newNaming);
  }

  /**
   * The same under the key that the store chose.
   *
   * @param number what the name says
   */
  public PutRequest named(long number) {
    return naming == Naming.GIVEN ? this : withKey(naming.named(key, number), Naming.GIVEN);
  }

  private PutRequest withKey(Key newKey, Naming newNaming) {
    return new PutRequest(
        newKey,
        kind,
        value,
        flags,
        timeToLive,
        precondition,
        mode,
        layout,
        locking,
        fence,
        newNaming,
        attachment);
  }

  /** What the key begins with that the caller gave: all of it, unless the store names the end. */
  public String givenKey() {
    return naming.beginning(key);
  }

  /** The keys of which it may put one. */
  public Range range() {
    return naming == Naming.GIVEN
        ? new Range.Exact(key)
        : new Range.WithPrefix(new Prefix(givenKey()));
  }

  /** The cause that the change will carry. */
  public Cause cause() {
    if (mode == PutMode.REFRESH) {
      return Cause.REFRESH;
    }
    return switch (locking) {
      case Locking.None none -> causeByPrecondition();
      case Locking.Acquire acquire -> Cause.ACQUIRE;
      case Locking.HandOver over -> Cause.ACQUIRE;
      case Locking.Release release -> Cause.RELEASE;
    };
  }

  private Cause causeByPrecondition() {
    return switch (precondition) {
      case Precondition.None none -> Cause.SET;
      case Precondition.Absent absent -> Cause.CREATE;
      case Precondition.Present present -> Cause.UPDATE;
      case Precondition.RevisionIs is -> Cause.COMPARE_AND_SWAP;
      case Precondition.ValueIs is -> Cause.COMPARE_AND_SWAP;
      case Precondition.RevisionAndValueAre are -> Cause.COMPARE_AND_SWAP;
    };
  }
}
