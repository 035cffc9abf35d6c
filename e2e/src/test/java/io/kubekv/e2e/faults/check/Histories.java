package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Line;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.LockCall;
import io.kubekv.e2e.faults.history.MortalCall;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.List;

/** Histories by hand: the calls of one key, "k", unless said otherwise. Times are milliseconds. */
final class Histories {
  private static final long MILLI = 1_000_000;
  private static long calls;

  private Histories() {}

  static History of(Line... lines) {
    History history = new History();
    List.of(lines).forEach(history::add);
    return history;
  }

  static Call call(long from, long to) {
    return new Call(++calls, "client", "etcd", "r1", from * MILLI, to * MILLI);
  }

  static Operation get(long from, long to, Sight seen) {
    return new Operation(call(from, to), Action.GET, "k", "", 0, Result.DONE, seen, 0);
  }

  static Operation put(long from, long to, String value, long revision) {
    return new Operation(
        call(from, to), Action.PUT, "k", value, 0, Result.DONE, Sight.NONE, revision);
  }

  static Operation unknownPut(long from, long to, String value) {
    return new Operation(call(from, to), Action.PUT, "k", value, 0, Result.UNKNOWN, Sight.NONE, 0);
  }

  static Operation failedPut(long from, long to, String value) {
    return new Operation(call(from, to), Action.PUT, "k", value, 0, Result.FAILED, Sight.NONE, 0);
  }

  static Operation swap(long from, long to, String value, long expected, Result result, long at) {
    return new Operation(call(from, to), Action.SWAP, "k", value, expected, result, Sight.NONE, at);
  }

  static Operation create(long from, long to, String value, Result result, long at) {
    return new Operation(call(from, to), Action.CREATE, "k", value, 0, result, Sight.NONE, at);
  }

  static Operation delete(long from, long to, Result result, Sight seen, long at) {
    return new Operation(call(from, to), Action.DELETE, "k", "", 0, result, seen, at);
  }

  static ListSeen list(long from, long to, long revision, ListSeen.Item... items) {
    return new ListSeen(call(from, to), "k", revision, List.of(items));
  }

  static WatchSeen started(long at, long revision) {
    return seen(at, WatchSeen.Kind.STARTED, "", revision, Sight.NONE);
  }

  static WatchSeen gone(long at, long revision) {
    return seen(at, WatchSeen.Kind.GONE, "", revision, Sight.NONE);
  }

  static WatchSeen cleared(long at, long revision) {
    return seen(at, WatchSeen.Kind.CLEARED, "", revision, Sight.NONE);
  }

  static WatchSeen ended(long at, long revision) {
    return seen(at, WatchSeen.Kind.ENDED, "", revision, Sight.NONE);
  }

  static WatchSeen saw(long at, String value, long revision, Sight before) {
    return seen(at, WatchSeen.Kind.PUT, value, revision, before);
  }

  static WatchSeen sawDelete(long at, long revision, Sight before) {
    return seen(at, WatchSeen.Kind.DELETED, "", revision, before);
  }

  private static WatchSeen seen(
      long at, WatchSeen.Kind kind, String value, long revision, Sight before) {
    boolean change = kind == WatchSeen.Kind.PUT || kind == WatchSeen.Kind.DELETED;
    return new WatchSeen(
        "w", "r1", at * MILLI, kind, "k", change ? "k" : "", value, revision, before);
  }

  static LockCall lock(
      long from, long to, LockCall.Step step, String session, Result result, long token) {
    boolean ofKey = step == LockCall.Step.ACQUIRE || step == LockCall.Step.RELEASE;
    return new LockCall(call(from, to), step, ofKey ? "k" : "", session, 1000, result, token);
  }

  static MortalCall mortal(long from, long to, MortalCall.Step step, Result result) {
    boolean looks = step == MortalCall.Step.LOOK;
    return new MortalCall(call(from, to), step, "k", looks ? 0 : 1000, result, false);
  }

  static MortalCall there(long from, long to) {
    return new MortalCall(call(from, to), MortalCall.Step.LOOK, "k", 0, Result.DONE, true);
  }

  static MortalCall absent(long from, long to) {
    return new MortalCall(call(from, to), MortalCall.Step.LOOK, "k", 0, Result.DONE, false);
  }
}
