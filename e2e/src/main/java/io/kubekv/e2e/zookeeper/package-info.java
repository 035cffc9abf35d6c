/**
 * ZooKeeper's protocol of kubekv beside that of the real ZooKeeper: random programs, every answer
 * and event compared.
 */
@NullMarked
package io.kubekv.e2e.zookeeper;

import org.jspecify.annotations.NullMarked;
