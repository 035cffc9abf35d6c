package io.kubekv.e2e.faults.history;

/** One line of a history. */
public sealed interface Line
    permits Operation, ListSeen, WatchSeen, LockCall, MortalCall, Disorder, Disturbance {}
