/** The etcd v3 API on the port: gRPC services with etcd's own rules, texts and codes. */
@NullMarked
package io.kubekv.etcdv3;

import org.jspecify.annotations.NullMarked;
