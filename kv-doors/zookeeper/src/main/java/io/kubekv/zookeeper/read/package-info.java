/** Requests that change nothing: reads, and watches. */
@NullMarked
package io.kubekv.zookeeper.read;

import org.jspecify.annotations.NullMarked;
