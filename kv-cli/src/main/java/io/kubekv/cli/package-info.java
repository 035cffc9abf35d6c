/** The command line's verbs: a client of a running server, and what needs none. */
@NullMarked
package io.kubekv.cli;

import org.jspecify.annotations.NullMarked;
