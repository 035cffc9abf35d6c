/** The verbs for sessions and locks. */
@NullMarked
package io.kubekv.cli.session;

import org.jspecify.annotations.NullMarked;
