/** Nodes: what of an entry and of what is below it makes one, and how they are read. */
@NullMarked
package io.kubekv.zookeeper.node;

import org.jspecify.annotations.NullMarked;
