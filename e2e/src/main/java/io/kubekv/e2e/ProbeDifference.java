package io.kubekv.e2e;

import java.util.SortedSet;

/**
 * A probe that two servers answered differently.
 *
 * @param id the probe's
 * @param aspects as {@link ProbeComparison} names them
 */
record ProbeDifference(
    String id, SortedSet<String> aspects, ProbeAnswer expected, ProbeAnswer found) {}
