/** The verbs that show how a server is, and what a workload costs. */
@NullMarked
package io.kubekv.cli.inspect;

import org.jspecify.annotations.NullMarked;
