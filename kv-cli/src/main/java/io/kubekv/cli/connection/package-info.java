/** The way to a server, and what its failures mean for a verb. */
@NullMarked
package io.kubekv.cli.connection;

import org.jspecify.annotations.NullMarked;
