/** Watches: streams, their cursors, their events as messages. */
@NullMarked
package io.kubekv.etcdv3.watch;

import org.jspecify.annotations.NullMarked;
