/** The command line's verbs: a client of a running server. */
@NullMarked
package io.kubekv.server.cli;

import org.jspecify.annotations.NullMarked;
