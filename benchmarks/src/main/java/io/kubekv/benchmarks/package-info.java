@NullMarked
package io.kubekv.benchmarks;

import org.jspecify.annotations.NullMarked;
