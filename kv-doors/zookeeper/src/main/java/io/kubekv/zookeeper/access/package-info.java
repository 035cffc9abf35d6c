/** Access control lists: what they may say, and whom they let do what. */
@NullMarked
package io.kubekv.zookeeper.access;

import org.jspecify.annotations.NullMarked;
