/** Lock and Election: the recipes of etcd's concurrency package. */
@NullMarked
package io.kubekv.etcdv3.recipe;

import org.jspecify.annotations.NullMarked;
