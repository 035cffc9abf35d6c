/** Transactions as bytes. */
@NullMarked
package io.kubekv.etcdv3.kv;

import org.jspecify.annotations.NullMarked;
