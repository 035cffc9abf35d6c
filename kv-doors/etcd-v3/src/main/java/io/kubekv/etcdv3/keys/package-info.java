/** Bytes to keys and ranges of the port, entries and sessions back. */
@NullMarked
package io.kubekv.etcdv3.keys;

import org.jspecify.annotations.NullMarked;
