/**
 * The adapter without a cache that the article had in mind, to be measured beside kubekv; never
 * shipped.
 */
@NullMarked
package io.kubekv.benchmarks.naive;

import org.jspecify.annotations.NullMarked;
