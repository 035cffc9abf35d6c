/** Random programs that two servers of etcd's v3 API are given, and where their answers differ. */
@NullMarked
package io.kubekv.etcdv3.probes;

import org.jspecify.annotations.NullMarked;
