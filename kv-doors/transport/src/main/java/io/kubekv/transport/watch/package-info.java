/** One upstream watch of the whole store, shared by any number of waiting clients. */
@NullMarked
package io.kubekv.transport.watch;

import org.jspecify.annotations.NullMarked;
