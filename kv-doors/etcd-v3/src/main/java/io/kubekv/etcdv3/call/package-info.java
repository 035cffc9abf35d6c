/**
 * What every service needs to answer a call: the store and the replicas, headers, failures as
 * etcd's codes and texts.
 */
@NullMarked
package io.kubekv.etcdv3.call;

import org.jspecify.annotations.NullMarked;
