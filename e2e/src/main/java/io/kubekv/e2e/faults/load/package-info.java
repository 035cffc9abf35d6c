/** Clients that use a store over its APIs and note all that they see. */
@NullMarked
package io.kubekv.e2e.faults.load;

import org.jspecify.annotations.NullMarked;
