/** Requests that change something: steps, and the transaction that they become. */
@NullMarked
package io.kubekv.zookeeper.write;

import org.jspecify.annotations.NullMarked;
