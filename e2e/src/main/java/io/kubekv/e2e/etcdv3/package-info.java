/**
 * The etcd v3 API of kubekv beside that of the real etcd: random programs, every answer compared.
 */
@NullMarked
package io.kubekv.e2e.etcdv3;

import org.jspecify.annotations.NullMarked;
