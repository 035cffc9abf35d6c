/** Range, Put, DeleteRange, Txn and Compact. */
@NullMarked
package io.kubekv.etcdv3.kv;

import org.jspecify.annotations.NullMarked;
