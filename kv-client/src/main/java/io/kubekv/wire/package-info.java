/** The port's values and failures as messages of {@code kubekv.v1}, and back. */
@NullMarked
package io.kubekv.wire;

import org.jspecify.annotations.NullMarked;
