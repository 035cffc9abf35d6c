/** The file that an export makes. */
@NullMarked
package io.kubekv.export;

import org.jspecify.annotations.NullMarked;
