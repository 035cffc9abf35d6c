/** Reads the snapshot files of an etcd with the v2 API. */
@NullMarked
package io.kubekv.etcdv2file;

import org.jspecify.annotations.NullMarked;
