/** Random programs, whose answers and events are the same on ZooKeeper and on the door. */
@NullMarked
package io.kubekv.zookeeper.probes;

import org.jspecify.annotations.NullMarked;
