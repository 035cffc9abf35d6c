/** The verbs for keys. */
@NullMarked
package io.kubekv.cli.keys;

import org.jspecify.annotations.NullMarked;
