/**
 * What the report measures: contestants, scenarios, and the run that puts each scenario to each
 * contestant in turn.
 */
@NullMarked
package io.kubekv.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
