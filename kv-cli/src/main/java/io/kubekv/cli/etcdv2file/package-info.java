/** The files that an etcd with the v2 API leaves behind. */
@NullMarked
package io.kubekv.cli.etcdv2file;

import org.jspecify.annotations.NullMarked;
