/** The etcd v2 door: parses etcd's HTTP API, calls the port, renders etcd's answers. */
@NullMarked
package io.kubekv.etcdv2;

import org.jspecify.annotations.NullMarked;
