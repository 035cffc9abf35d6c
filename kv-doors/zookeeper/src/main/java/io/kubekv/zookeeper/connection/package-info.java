/** Connections: what comes in, one exchange after the other, and what ends them. */
@NullMarked
package io.kubekv.zookeeper.connection;

import org.jspecify.annotations.NullMarked;
