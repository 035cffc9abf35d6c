package io.kubekv.k8s;

import io.kubekv.embedded.Faults.Call;
import io.kubekv.embedded.Faults.Fault;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What goes wrong with every n-th request of a kind; counts how often, in all stores together. The
 * numbers of one kind must have no common divisor, or one fault always comes before another.
 */
final class RecurringFault {
  private static final String OBJECTS = "/namespaces/default/keyvalues";
  private static final String DEFINITIONS = "/customresourcedefinitions";
  private static final String LEASES = "/namespaces/default/leases";

  /** What goes wrong. */
  enum Kind {
    /** The request itself. */
    REQUEST,
    /** All watches are closed before the request is performed. */
    CLOSED_WATCHES,
    /** The same, and it is forgotten before the next watch is opened, which thus gets 410. */
    FORGOTTEN_HISTORY
  }

  private final Kind kind;
  private final Predicate<Call> when;
  private final int every;
  private final Fault ofRequest;
  private final AtomicInteger hits = new AtomicInteger();

  private RecurringFault(Kind kind, Predicate<Call> when, int every, Fault ofRequest) {
    this.kind = kind;
    this.when = when;
    this.every = every;
    this.ofRequest = ofRequest;
  }

  /** Strikes every n-th change of an object. */
  static RecurringFault ofChanges(int every, Fault fault) {
    return new RecurringFault(Kind.REQUEST, RecurringFault::isChange, every, fault);
  }

  /** Strikes every n-th list. */
  static RecurringFault ofLists(int every, Fault fault) {
    return new RecurringFault(Kind.REQUEST, RecurringFault::isList, every, fault);
  }

  /** Strikes every n-th watch that is to be opened. */
  static RecurringFault ofWatches(int every, Fault fault) {
    return new RecurringFault(Kind.REQUEST, Call::watch, every, fault);
  }

  /** Strikes every n-th request about the Lease. */
  static RecurringFault ofLeases(int every, Fault fault) {
    return new RecurringFault(Kind.REQUEST, call -> call.path().contains(LEASES), every, fault);
  }

  /** Strikes every n-th request about the CustomResourceDefinition. */
  static RecurringFault ofDefinitions(int every, Fault fault) {
    return new RecurringFault(
        Kind.REQUEST, call -> call.path().contains(DEFINITIONS), every, fault);
  }

  /** Closes the watches with every n-th change of an object, which has this fault as well. */
  static RecurringFault closedWatches(int every, Fault fault) {
    return new RecurringFault(Kind.CLOSED_WATCHES, RecurringFault::isChange, every, fault);
  }

  /** Forgets every n-th change of an object, which has this fault as well. */
  static RecurringFault forgottenHistory(int every, Fault fault) {
    return new RecurringFault(Kind.FORGOTTEN_HISTORY, RecurringFault::isChange, every, fault);
  }

  static boolean isChange(Call call) {
    return call.write() && call.path().contains(OBJECTS);
  }

  static boolean isList(Call call) {
    return call.method().equals("GET") && call.path().endsWith(OBJECTS) && !call.watch();
  }

  Kind kind() {
    return kind;
  }

  boolean isFor(Call call) {
    return when.test(call);
  }

  int every() {
    return every;
  }

  /** What happens to the request that is struck. */
  Fault ofRequest() {
    return ofRequest;
  }

  void struck() {
    hits.incrementAndGet();
  }

  /** How often it has struck. */
  int hits() {
    return hits.get();
  }

  @Override
  public String toString() {
    return kind + " by " + ofRequest + ", every " + every;
  }
}
