/**
 * From results to the report: result lines, statistics, plots, pages, verdicts, and the comparison
 * of two runs.
 */
@NullMarked
package io.kubekv.benchmarks.report;

import org.jspecify.annotations.NullMarked;
