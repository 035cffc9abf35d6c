package io.kubekv;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param metadata what the entry has beside its value ({@link Entry#metadata()}) where the put
 *     makes a new one; what is kept of one that is there keeps its own
 * @param author who makes it; in a transaction that of the transaction counts
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
    Attachment attachment,
    Bytes metadata,
    Author author) {
  public PutRequest {
    if (!key.text().endsWith(naming.placeholder())) {
      throw new IllegalArgumentException(key + " has no place for a name that the store chooses");
    }
    if (timeToLive.isPresent() && timeToLive.get().isNegative()) {
      throw new IllegalArgumentException("time to live of " + key + " is negative");
    }
    if (kind == Kind.DIRECTORY && (layout != Layout.TREE || value.size() > 0)) {
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

  /** A put of which nobody says who makes it. */
  public PutRequest(
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
      Attachment attachment,
      Bytes metadata) {
    this(
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
        attachment,
        metadata,
        Author.NONE);
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
        Attachment.DETACH,
        Bytes.EMPTY,
        Author.NONE);
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
        Attachment.DETACH,
        Bytes.EMPTY,
        Author.NONE);
  }

  /** What a put is to be, while one thing of it is changed. */
  private static final class Draft {
    private Key key;
    private final Kind kind;
    private final Bytes value;
    private long flags;
    private Optional<Duration> timeToLive;
    private Precondition precondition;
    private PutMode mode;
    private Layout layout;
    private Locking locking;
    private Optional<Revision> fence;
    private Naming naming;
    private Attachment attachment;
    private Bytes metadata;
    private final Author author;

    private Draft(PutRequest of) {
      this.key = of.key;
      this.kind = of.kind;
      this.value = of.value;
      this.flags = of.flags;
      this.timeToLive = of.timeToLive;
      this.precondition = of.precondition;
      this.mode = of.mode;
      this.layout = of.layout;
      this.locking = of.locking;
      this.fence = of.fence;
      this.naming = of.naming;
      this.attachment = of.attachment;
      this.metadata = of.metadata;
      this.author = of.author;
    }

    private PutRequest request() {
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
          attachment,
          metadata,
          author);
    }
  }

  private PutRequest changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.request();
  }

  public PutRequest withFlags(long newFlags) {
    return changed(draft -> draft.flags = newFlags);
  }

  public PutRequest withTimeToLive(Duration newTimeToLive) {
    return changed(draft -> draft.timeToLive = Optional.of(newTimeToLive));
  }

  public PutRequest withPrecondition(Precondition newPrecondition) {
    return changed(draft -> draft.precondition = newPrecondition);
  }

  public PutRequest withMode(PutMode newMode) {
    return changed(draft -> draft.mode = newMode);
  }

  public PutRequest withLayout(Layout newLayout) {
    return changed(draft -> draft.layout = newLayout);
  }

  public PutRequest withLocking(Locking newLocking) {
    return changed(draft -> draft.locking = newLocking);
  }

  public PutRequest withFence(Revision newFence) {
    return changed(draft -> draft.fence = Optional.of(newFence));
  }

  public PutRequest withAttachment(Attachment newAttachment) {
    return changed(draft -> draft.attachment = newAttachment);
  }

  public PutRequest withMetadata(Bytes newMetadata) {
    return changed(draft -> draft.metadata = newMetadata);
  }

  /** The same by somebody: one copy, since every put of a client is made so. */
  public PutRequest withAuthor(Author newAuthor) {
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
        attachment,
        metadata,
        newAuthor);
  }

  /**
   * A put under a key that the store chooses.
   *
   * @param prefix what the key begins with
   * @param newNaming what the store adds
   */
  public PutRequest withNaming(Prefix prefix, Naming newNaming) {
    Key place = Key.of(prefix.text() + newNaming.placeholder());
    return withKey(place, newNaming);
  }

  /**
   * The same under the key that the store chose.
   *
   * @param number what the name says: the revision, or how many were made in the directory before
   */
  public PutRequest named(long number) {
    return naming == Naming.GIVEN ? this : withKey(naming.named(key, number), Naming.GIVEN);
  }

  private PutRequest withKey(Key newKey, Naming newNaming) {
    return changed(
        draft -> {
          draft.key = newKey;
          draft.naming = newNaming;
        });
  }

  /** How many bytes the value and the metadata have. */
  public long contentBytes() {
    return (long) value.size() + metadata.size();
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
      case Precondition.VersionIs is -> Cause.COMPARE_AND_SWAP;
    };
  }
}
