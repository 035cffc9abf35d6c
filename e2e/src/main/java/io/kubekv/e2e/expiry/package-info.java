/** {@code e2e/run expiry}: when keys end whose holder ends before them. */
@NullMarked
package io.kubekv.e2e.expiry;

import org.jspecify.annotations.NullMarked;
