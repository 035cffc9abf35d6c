package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.Lookup;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.k8s.form.KeyValueForm;
import io.kubekv.k8s.form.KeyValueForm.Content;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Puts to the store what somebody did to an object: a change on the condition that the key is still
 * as the object showed it. To propose the same again does nothing and yields the same verdict, as
 * far as the store's history reaches.
 *
 * <p>Its methods fail with the store's exceptions when that does not know the outcome: then the
 * same is to be proposed again later.
 */
final class Proposals {
  private final KeyValueStore store;
  private final KeyPast past;

  /** What became of an edit. */
  sealed interface Outcome {}

  /**
   * It is decided.
   *
   * @param verdict what to say of it; empty when it changes nothing
   */
  record Decided(Optional<Verdict> verdict) implements Outcome {
    Decided(Verdict verdict) {
      this(Optional.of(verdict));
    }
  }

  /** The object is first to be marked as somebody's, made while its key was absent. */
  record ToMark(Revision absentAt) implements Outcome {}

  Proposals(KeyValueStore store) {
    this.store = store;
    this.past = new KeyPast(store);
  }

  /** Proposes the content of an object. */
  Outcome edit(ViewObject seen, GenericKubernetesResource object, String storeId) {
    byte[] json = Serialization.asJson(object).getBytes(StandardCharsets.UTF_8);
    return switch (KeyValueForm.read(json)) {
      case KeyValueForm.Unreadable wrong -> invalid(EditRules.problem(seen, wrong.problem()));
      case Content content -> {
        try {
          yield proposed(content, seen, ViewForm.spec(object), storeId);
        } catch (LimitExceededException tooMuch) {
          yield refused("TooLarge", String.valueOf(tooMuch.getMessage()));
        } catch (IllegalArgumentException wrong) {
          yield invalid(String.valueOf(wrong.getMessage()));
        }
      }
    };
  }

  private Outcome proposed(
      Content content, ViewObject seen, Map<String, Object> spec, String storeId) {
    Optional<Revision> base = seen.shows(storeId);
    if (base.isPresent()) {
      return change(content, seen, base.get(), spec);
    }
    if (!seen.isMadeByOthers() && seen.status().revision().isPresent()) {
      return refused(
          "Conflict",
          "the object showed another store, from before a restore: edit it as it is now");
    }
    return creation(content, seen.absentAt(storeId));
  }

  private Outcome change(
      Content content, ViewObject seen, Revision base, Map<String, Object> spec) {
    Lookup found = Await.read(store.get(content.key(), Freshness.LINEARIZABLE));
    Optional<Entry> shown = found.entry().filter(entry -> entry.modifyRevision().equals(base));
    if (shown.isEmpty()) {
      return afterwards(content, base, found);
    }
    Optional<String> fixed =
        seen.isMadeAgain()
            ? EditRules.otherThanReplaceable(content, shown.get())
            : EditRules.otherThanEditable(spec, shown.get());
    if (fixed.isPresent()) {
      return refused(
          "NotEditable",
          "spec." + fixed.get() + " cannot be edited: only value, valueBase64, flags and ttl can");
    }
    if (EditRules.isSame(content, shown.get())) {
      return new Decided(Optional.empty());
    }
    if (shown.get().isDirectory()) {
      return refused("NotEditable", "a directory has nothing that can be edited");
    }
    return put(content, new Precondition.RevisionIs(base)) instanceof PutOutcome.Stored stored
        ? applied(stored.entry().modifyRevision())
        : afterwards(content, base, Await.read(store.get(content.key(), Freshness.LINEARIZABLE)));
  }

  /** The key is not at the revision that the object showed: perhaps because we put the edit. */
  private Outcome afterwards(Content content, Revision base, Lookup found) {
    Optional<WatchEvent> first = past.firstAfter(base, content.key());
    if (first.isPresent() && first.get() instanceof WatchEvent.Put put) {
      if (put.cause() == Cause.COMPARE_AND_SWAP && EditRules.isSame(content, put.entry())) {
        return applied(put.revision());
      }
    } else if (isForgotten(first) && EditRules.isAt(content, found)) {
      return new Decided(Optional.empty());
    }
    String since = "since revision " + base + ", which the edited object showed";
    return found.entry().isEmpty()
        ? refused("Deleted", "the key was deleted " + since)
        : refused(
            "Conflict",
            "the key was changed "
                + since
                + ": it is at revision "
                + found.entry().get().modifyRevision()
                + ". Edit the object as it is now");
  }

  private Outcome creation(Content content, Optional<Revision> absentAt) {
    Lookup found = Await.read(store.get(content.key(), Freshness.LINEARIZABLE));
    if (absentAt.isEmpty()) {
      return found.entry().isEmpty() ? new ToMark(found.revision()) : exists(content, found);
    }
    Optional<WatchEvent> first = past.firstAfter(absentAt.get(), content.key());
    if (first.isEmpty()) {
      return put(content, Precondition.ABSENT) instanceof PutOutcome.Stored stored
          ? applied(stored.entry().modifyRevision())
          : exists(content, Await.read(store.get(content.key(), Freshness.LINEARIZABLE)));
    }
    if (first.get() instanceof WatchEvent.Put put
        && put.cause() == Cause.CREATE
        && EditRules.isSame(content, put.entry())) {
      return applied(put.revision());
    }
    return found.entry().isPresent() ? exists(content, found) : unsure(first.get());
  }

  private static Outcome unsure(WatchEvent first) {
    return first instanceof WatchEvent.HistoryGone
        ? refused(
            "Interrupted",
            "it is not known whether this made the key, which is absent now: change the object to"
                + " try again")
        : refused(
            "Deleted",
            "the key was made and deleted meanwhile: make the object again to have the key back");
  }

  private static Outcome exists(Content content, Lookup found) {
    if (EditRules.isAt(content, found)) {
      return new Decided(Optional.empty());
    }
    String at =
        found.entry().map(entry -> " and is at revision " + entry.modifyRevision()).orElse("");
    return refused(
        "Conflict",
        "the key exists" + at + ", which the object did not show: edit it as it is now");
  }

  private PutOutcome put(Content content, Precondition precondition) {
    return Await.change(store.put(EditRules.request(content, precondition)));
  }

  private static boolean isForgotten(Optional<WatchEvent> first) {
    return first.isEmpty() || first.get() instanceof WatchEvent.HistoryGone;
  }

  private static Outcome applied(Revision at) {
    return new Decided(Verdict.put(at));
  }

  private static Outcome invalid(String problem) {
    return refused("Invalid", problem);
  }

  private static Outcome refused(String reason, String message) {
    return new Decided(Verdict.refused(reason, message));
  }
}
