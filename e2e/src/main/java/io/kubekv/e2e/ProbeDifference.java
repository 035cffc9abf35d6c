package io.kubekv.e2e;

import java.util.SortedMap;

/**
 * A probe that two servers answered differently.
 *
 * @param id the probe's
 * @param aspects as {@link ProbeComparison} names them, each with a note that may be empty
 */
record ProbeDifference(
    String id, SortedMap<String, String> aspects, ProbeAnswer expected, ProbeAnswer found) {}
