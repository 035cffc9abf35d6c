/** What a request costs inside the process, stage by stage and store by store, by JMH. */
@NullMarked
package io.kubekv.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
