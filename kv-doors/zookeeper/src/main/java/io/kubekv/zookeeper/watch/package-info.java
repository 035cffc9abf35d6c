/** Who waits for what happens to which nodes, and is told of it: one watch of the store for all. */
@NullMarked
package io.kubekv.zookeeper.watch;

import org.jspecify.annotations.NullMarked;
