/** The door beside the real etcd: the same questions, the same answers. */
@NullMarked
package io.kubekv.etcdv3;

import org.jspecify.annotations.NullMarked;
