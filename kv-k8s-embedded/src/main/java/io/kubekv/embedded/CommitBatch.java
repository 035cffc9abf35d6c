package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The changes of one group before they are stored. */
final class CommitBatch {
  /** What a change may write while the disk is full, and add to what it replaces. */
  private static final int SMALL_BYTES = 16 << 10;

  private static final int SMALL_GROWTH = 512;

  static final String FULL = "the disk is full: no space is left for this in the data directory";

  final List<Change> changes = new ArrayList<>();
  final List<Runnable> answers = new ArrayList<>();
  final List<ObjectStore.Reply> replies = new ArrayList<>();
  private final Map<ObjectTable, Map<String, Version>> staged = new HashMap<>();
  private final boolean onlySmall;
  long revision;

  /**
   * @param onlySmall whether the disk has room for no more than deletes and the like
   */
  CommitBatch(long revision, boolean onlySmall) {
    this.revision = revision;
    this.onlySmall = onlySmall;
  }

  void stage(ObjectStore.Work.Change work) {
    Version head = staged.getOrDefault(work.table(), Map.of()).get(work.key());
    Version current = head == null ? work.table().head(work.key()) : head;
    ObjectStore.Reply reply = work.reply();
    replies.add(reply);
    try {
      Edit.Decision decision =
          current == work.base() ? work.decision() : work.edit().decide(Version.alive(current));
      ObjectStore.Committed result = apply(work, current, decision);
      answers.add(() -> reply.done(result));
    } catch (ApiException e) {
      answers.add(() -> reply.refused(e));
    }
  }

  private ObjectStore.Committed apply(
      ObjectStore.Work.Change work, @Nullable Version current, Edit.Decision decision) {
    Version before = Version.alive(current);
    return switch (decision) {
      case Edit.Decision.Keep keep -> new ObjectStore.Committed(keep.shown(), false, false);
      case Edit.Decision.Put put -> {
        if (onlySmall && !isSmall(put.template(), before)) {
          throw Statuses.insufficientStorage(FULL);
        }
        yield new ObjectStore.Committed(
            add(work, put.template(), false, current), true, before == null);
      }
      case Edit.Decision.Remove ignored ->
          before == null
              ? throwMissing(work)
              : new ObjectStore.Committed(add(work, before.json(), true, current), true, false);
    };
  }

  /** A mark that an object is deleted, the renewal of a lease, and what is made smaller. */
  private static boolean isSmall(byte[] next, @Nullable Version before) {
    return before != null
        && next.length <= SMALL_BYTES
        && next.length <= before.json().length + SMALL_GROWTH;
  }

  private static ObjectStore.Committed throwMissing(ObjectStore.Work.Change work) {
    throw new IllegalStateException("removal of an object that is not there: " + work.key());
  }

  private Version add(
      ObjectStore.Work.Change work, byte[] json, boolean deleted, @Nullable Version current) {
    long number = ++revision;
    Version version = new Version(number, ObjectJson.withRevision(json, number), deleted, current);
    changes.add(new Change(work.table(), work.key(), version, Version.alive(current)));
    staged.computeIfAbsent(work.table(), t -> new HashMap<>()).put(work.key(), version);
    return version;
  }

  List<Journal.Entry> entries(long now) {
    List<Journal.Entry> entries = new ArrayList<>(changes.size());
    for (Change change : changes) {
      Version version = change.version();
      entries.add(
          new Journal.Entry(
              version.revision(),
              now,
              change.table().resource(),
              change.key(),
              version.deleted(),
              version.json()));
    }
    return entries;
  }
}
