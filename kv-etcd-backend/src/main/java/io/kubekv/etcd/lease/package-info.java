/** Who appends to the log on etcd. */
@NullMarked
package io.kubekv.etcd.lease;

import org.jspecify.annotations.NullMarked;
