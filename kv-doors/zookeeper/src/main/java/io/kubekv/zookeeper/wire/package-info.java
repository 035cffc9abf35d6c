/** Bytes: frames, records, numbers of the protocol. Knows neither store nor connections. */
@NullMarked
package io.kubekv.zookeeper.wire;

import org.jspecify.annotations.NullMarked;
