/**
 * ZooKeeper's protocol: sessions, znodes and watches on the port. Everything of one connection, and
 * what connections share, is done on one event loop.
 */
@NullMarked
package io.kubekv.zookeeper;

import org.jspecify.annotations.NullMarked;
